package org.deepcovid.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Layout of help texts, and messages for wrong command lines. */
final class HelpText {

    private static final int WIDTH = 96;
    private static final int MOST_EDITS = 2;

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
        return choices(failure, failure.getMessage())
                .replaceFirst("^Error: ", "")
                .replaceFirst("^Unknown subcommand (.*)\\.$", "there is no command $1")
                .replaceFirst(" is not a double$", " is not a number such as 0.5")
                .replaceFirst(" is not an? (int|long)$", " is not a whole number such as 20");
    }

    /** Picocli's, or the option with the most similar name. */
    private static Optional<String> suggestion(ParameterException failure) {
        StringWriter suggestions = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(
                failure, new PrintWriter(suggestions, true))) {
            return Optional.of(PlainText.of(suggestions.toString().strip()));
        }
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || !unmatched.isUnknownOption()) {
            return Optional.empty();
        }
        String word = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        return failure.getCommandLine().getCommandSpec().options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .filter(name -> distance(word, name) <= MOST_EDITS)
                .min(Comparator.comparingInt(name -> distance(word, name)))
                .map("Did you mean %s?"::formatted);
    }

    /** Letters to insert, delete or replace (Levenshtein's distance). */
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }

    /** The values of a choice as the option takes them. */
    private static String choices(ParameterException failure, String message) {
        if (failure.getArgSpec() == null || failure.getArgSpec().completionCandidates() == null) {
            return message;
        }
        List<String> values = new ArrayList<>();
        failure.getArgSpec().completionCandidates().forEach(values::add);
        return message.replaceFirst(
                "expected one of \\[.*\\] \\(case-insensitive\\)",
                Matcher.quoteReplacement("expected one of " + String.join(", ", values)));
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
        err.println("error: " + PlainText.of(message));
        config.source(message, line.getCommandSpec(), args)
                .ifPresent(file -> err.println(PlainText.of("the value comes from " + file)));
        suggestion(failure).ifPresent(err::println);
        err.println("see: %s --help".formatted(line.getCommandSpec().qualifiedName()));
        err.flush();
    }
}
