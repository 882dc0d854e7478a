package org.deepcovid.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Layout of help texts, and messages for wrong command lines. */
final class HelpText {

    private static final int WIDTH = 96;

    private HelpText() {}

    /** Lists the options of a command before those of all commands. */
    static void arrange(CommandLine root) {
        root.setUsageHelpWidth(WIDTH);
        for (CommandLine line : root.getSubcommands().values()) {
            line.setUsageHelpWidth(WIDTH);
            if (line.getCommand() instanceof Subcommand) { // picocli's own have these options
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
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            return failure.getCommandLine().getParent() == null
                    ? "there is no command '%s'".formatted(word)
                    : "unexpected argument '%s'; expected %s"
                            .formatted(word, takes(failure.getCommandLine()));
        }
        return failure.getMessage()
                .replaceFirst("^Error: ", "")
                .replaceFirst("^Unknown subcommand (.*)\\.$", "there is no command $1")
                .replaceFirst(" is not a double$", " is not a number such as 0.5")
                .replaceFirst(" is not an? (int|long)$", " is not a whole number such as 20");
    }

    private static String takes(CommandLine line) {
        String labels =
                line.getCommandSpec().positionalParameters().stream()
                        .map(PositionalParamSpec::paramLabel)
                        .collect(Collectors.joining(" "));
        return labels.isEmpty() ? "options only" : labels + " and options";
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

    /** Prints one line on the error and one on the help command. */
    static void explain(ParameterException failure, ConfigFiles config, String... args) {
        CommandLine line = failure.getCommandLine();
        PrintWriter err = line.getErr();
        String message = message(failure);
        err.println("error: " + message);
        config.source(message, line.getCommandSpec(), args)
                .ifPresent(file -> err.println("the value comes from " + file));
        StringWriter suggestions = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(
                failure, new PrintWriter(suggestions, true))) {
            err.println(suggestions.toString().strip());
        }
        err.println("see: %s --help".formatted(line.getCommandSpec().qualifiedName()));
        err.flush();
    }
}
