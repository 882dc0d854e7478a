package org.deepcovid.cli;

import java.util.List;
import java.util.Optional;

/** The commands behind the launcher script, for checking and trying what the pages show. */
public final class DocumentedCommands {

    private DocumentedCommands() {}

    /**
     * Checks a command.
     *
     * @param words what follows the launcher's name
     * @return what is wrong; empty if the words can be parsed
     */
    public static Optional<String> problem(List<String> words) {
        if (!isMain(words)) {
            return DocumentedLine.problem(words);
        }
        return ExampleMains.names().contains(words.get(0)) && words.size() == 2
                ? Optional.empty()
                : Optional.of("%s is no main with a data folder".formatted(words));
    }

    private static boolean isMain(List<String> words) {
        return !words.isEmpty() && ExampleMains.isName(words.get(0));
    }

    /**
     * Runs a command in this JVM.
     *
     * @param words what follows the launcher's name
     * @return the exit code
     */
    public static int run(List<String> words) {
        return isMain(words)
                ? ExampleMains.run(words.toArray(String[]::new))
                : DocumentedLine.run(words);
    }
}
