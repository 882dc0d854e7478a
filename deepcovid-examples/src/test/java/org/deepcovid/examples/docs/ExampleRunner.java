package org.deepcovid.examples.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.cli.DocumentedCommands;
import org.deepcovid.examples.docs.Example.Outcome;
import org.deepcovid.testing.CapturedOutput;

/**
 * Runs examples in the current working folder, so that {@code Path.of("radiographs")} on a page
 * means what it says. Started in a JVM of its own.
 */
final class ExampleRunner {

    private final ReadersFolder folder;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

    private ExampleRunner(ReadersFolder folder) {
        this.folder = folder;
    }

    /**
     * Runs all examples of all pages.
     *
     * @param args the project's root, the file to write outcomes to
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        List<MarkdownPage> pages = MarkdownPage.all(root);
        Snippets snippets = Snippets.ofLibrary(root);
        List<List<Example>> examples =
                pages.stream().map(page -> Example.of(page, snippets)).toList();
        List<String> shared =
                examples.stream()
                        .flatMap(List::stream)
                        .flatMap(example -> example.commands().stream())
                        .flatMap(command -> command.words().stream())
                        .flatMap(word -> sharedFile(word).stream())
                        .sorted()
                        .distinct()
                        .toList();
        ExampleRunner runner =
                new ExampleRunner(ReadersFolder.prepare(Path.of("").toAbsolutePath(), shared));
        examples.forEach(page -> page.forEach(runner::run));
        new ObjectMapper().writeValue(Path.of(args[1]).toFile(), runner.outcomes);
        System.exit(0); // whatever threads the examples have left
    }

    private static Optional<String> sharedFile(String word) {
        int start = word.indexOf("../shared/");
        return start < 0
                ? Optional.empty()
                : Optional.of(word.substring(start + "../shared/".length()));
    }

    private void run(Example example) {
        CapturedOutput<String> captured = CapturedOutput.of(() -> failureOf(example));
        outcomes.put(example.place(), new Outcome(captured.text(), captured.result()));
    }

    /** Runs an example; empty if it ran to its end. */
    private String failureOf(Example example) {
        try {
            if (!example.directive().continues()) {
                folder.refill(example.directive().with(), example.files());
            }
            runHere(example);
            return "";
        } catch (InvocationTargetException e) {
            return trace(e.getCause());
        } catch (Exception | LinkageError e) {
            return trace(e);
        }
    }

    private static void runHere(Example example) throws Exception {
        if (example.className().isPresent()) {
            Class.forName(example.className().get()).getMethod(Snippets.METHOD).invoke(null);
        }
        for (ShellCommand command : example.commands()) {
            int code = DocumentedCommands.run(expand(command));
            if (code != 0) {
                throw new IllegalStateException(
                        "%s: %s ended with exit code %d"
                                .formatted(command.place(), command.words(), code));
            }
        }
    }

    /** Replaces patterns by the files that they match, as a shell does. */
    private static List<String> expand(ShellCommand command) throws IOException {
        List<String> words = new ArrayList<>();
        for (int i = 1; i < command.words().size(); i++) {
            String word = command.words().get(i);
            if (command.quoted().get(i) || !word.contains("*")) {
                words.add(word);
                continue;
            }
            PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + word);
            Path base = Path.of(word.substring(0, word.indexOf('*')) + "x").getParent();
            try (Stream<Path> files = Files.walk(base == null ? Path.of("") : base)) {
                files.filter(pattern::matches).sorted().map(Path::toString).forEach(words::add);
            }
        }
        return words;
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
