package org.deepcovid.examples.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How the commands explain themselves and wrong command lines. */
final class HelpText {

    private static final int WIDTH = 96;

    private HelpText() {}

    /** Puts a command's own options first, and those that all commands have below them. */
    static void arrange(CommandLine root) {
        root.setUsageHelpWidth(WIDTH);
        for (CommandLine line : root.getSubcommands().values()) {
            line.setUsageHelpWidth(WIDTH);
            if (line.getCommand() instanceof Job) { // picocli's own have these options
                line.getCommandSpec()
                        .versionProvider(new Versions())
                        .mixinStandardHelpOptions(true);
                line.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, HelpText::options);
            }
        }
    }

    private static String options(Help help) {
        List<OptionSpec> all = help.commandSpec().options();
        List<OptionSpec> own = all.stream().filter(option -> !isCommon(option)).toList();
        List<OptionSpec> common = all.stream().filter(HelpText::isCommon).toList();
        String head = own.isEmpty() ? "" : "%nOptions:%n".formatted() + list(help, own);
        return head
                + (common.isEmpty()
                        ? ""
                        : "%nOptions of every command:%n".formatted() + list(help, common));
    }

    private static String message(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                        && failure.getCommandLine().getParent() == null
                        && !unmatched.isUnknownOption()
                ? "there is no command '%s'".formatted(unmatched.getUnmatched().get(0))
                : failure.getMessage();
    }

    private static boolean isCommon(OptionSpec option) {
        return option.inherited() || option.usageHelp() || option.versionHelp();
    }

    private static String list(Help help, List<OptionSpec> options) {
        Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(
                options.stream().filter(option -> !option.hidden()).toList(),
                help.parameterLabelRenderer());
        return layout.toString();
    }

    /** Says what is wrong in a line, then where help is; the whole help would bury it. */
    static void explain(ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("error: " + message(failure));
        StringWriter suggestions = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(
                failure, new PrintWriter(suggestions, true))) {
            err.println(suggestions.toString().strip());
        }
        err.println("see: %s --help".formatted(line.getCommandSpec().qualifiedName()));
        err.flush();
    }
}
