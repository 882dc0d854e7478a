package org.deepcovid.examples.docs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.cli.DocumentedLine;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.examples.docs.Page.Block;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;

/**
 * Runs the snippets and commands of the pages in the working folder, which is filled anew for each
 * block with small radiographs and weights. A JVM of its own, since Java cannot change its folder.
 */
final class PageRunner {

    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Path TEMPLATE = HERE.resolveSibling("template");
    private static final String IMAGE = "[\\w./-]+\\.(?:png|jpg)";

    private final Map<String, String> files = new HashMap<>();
    private String printed = "";

    private PageRunner() {}

    /**
     * Prints a line {@code PROBLEM ...} for everything that does not do as its page says.
     *
     * @param args the project's root
     */
    public static void main(String[] args) throws IOException {
        List<Page> pages = Page.all(Path.of(args[0]));
        SyntheticRadiographs.writeParts(TEMPLATE.resolve("radiographs"), 8, 4, 5, 1);
        draw(TEMPLATE.resolve("radiograph.png"));
        writeWeights(TEMPLATE.resolve("squeezenet.h5"));
        for (Page page : pages) {
            PageRunner runner = new PageRunner();
            for (Block block : page.blocks()) {
                long start = System.nanoTime();
                runner.problem(block)
                        .ifPresent(text -> System.out.println("PROBLEM " + block.place() + text));
                System.out.printf(
                        "%s: %d ms%n", block.place(), (System.nanoTime() - start) / 1_000_000);
            }
        }
        System.exit(0); // engines and pools may have left threads
    }

    private Optional<String> problem(Block block) throws IOException {
        block.mark("file").ifPresent(name -> files.put(name, block.code()));
        if (block.mark("output").isPresent()) {
            return missing(block.code(), printed);
        }
        if (block.mark("not run").isPresent()
                || !(block.language().equals("java") || block.language().equals("sh"))) {
            return Optional.empty();
        }
        if (block.mark("continues").isEmpty()) {
            refill(block.mark("with"));
        }
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String failure = "";
        try {
            run(block);
        } catch (InvocationTargetException e) {
            failure = e.getCause().toString();
        } catch (Exception | LinkageError e) {
            failure = e.toString();
        } finally {
            System.setOut(console);
        }
        printed = bytes.toString(StandardCharsets.UTF_8);
        String expected = block.mark("fails").orElse("");
        return failure.isEmpty() == expected.isEmpty() && failure.contains(expected)
                ? Optional.empty()
                : Optional.of(": expected failure '%s', got '%s'".formatted(expected, failure));
    }

    private static void run(Block block) throws Exception {
        String name = block.mark("snippet").orElse("").replaceAll("^PageSnippets#", "");
        for (Method method : PageSnippets.class.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                method.invoke(null);
            }
        }
        for (List<String> command : block.commands()) {
            if (!command.get(0).equals("./deepcovid")) {
                continue;
            }
            List<String> words = command.subList(1, command.size());
            for (String word : words) {
                if (word.startsWith("../shared/")) {
                    share(HERE.resolve(word).normalize());
                }
            }
            if (Character.isUpperCase(words.get(0).charAt(0))) {
                Class.forName("org.deepcovid.examples." + words.get(0))
                        .getMethod("main", String[].class)
                        .invoke(null, (Object) words.stream().skip(1).toArray(String[]::new));
            } else if (DocumentedLine.run(words) != 0) {
                throw new IllegalStateException(words + " did not end with exit code 0");
            }
        }
    }

    private static void share(Path file) throws IOException {
        if (file.toString().endsWith(".h5")) {
            writeWeights(file);
        } else if (file.toString().matches(IMAGE)) {
            draw(file);
        } else if (!Files.exists(file.resolve("train"))) {
            SyntheticRadiographs.writeParts(file, 8, 4, 5, 2);
        }
    }

    private static void writeWeights(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            try (Backbone backbone = Backbones.untrained("squeezenet", 1)) {
                Backbones.writeKerasWeights(backbone, file);
            }
        }
    }

    private static void draw(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String format = file.toString().endsWith(".jpg") ? "jpg" : "png";
        int count = file.getNameCount();
        int seed = file.subpath(count - 2, count).toString().hashCode();
        ImageIO.write(SyntheticRadiographs.draw(Label.COVID, seed), format, file.toFile());
    }

    private void refill(Optional<String> classifier) throws IOException {
        for (Path path : walk(HERE, Comparator.reverseOrder())) {
            if (!path.equals(HERE)) {
                Files.delete(path);
            }
        }
        for (Path path : walk(TEMPLATE, Comparator.naturalOrder())) {
            Path copy = HERE.resolve(TEMPLATE.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(path, copy);
            }
        }
        Path saved = HERE.resolveSibling("saved.deepcovid");
        if (classifier.isPresent() && !Files.exists(saved)) {
            try (FineTuned run = PageSnippets.run()) {
                run.classifier(
                                DecisionPolicy.of(ThresholdRule.fixed(0.5))
                                        .choose(run.outOfFoldScores())
                                        .withThreshold(
                                                new DecisionThreshold(
                                                        0.5, "fixed at 0.5", "8 images")))
                        .save(saved);
            }
        }
        if (classifier.isPresent()) {
            Files.copy(saved, HERE.resolve(classifier.get()));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = HERE.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            for (String word : file.getValue().split("[,\n]")) {
                if (word.matches(IMAGE)) {
                    draw(path.resolveSibling(word)); // listed by a manifest
                }
            }
        }
    }

    private static List<Path> walk(Path folder, Comparator<Path> order) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted(order).collect(Collectors.toList());
        }
    }

    /** Shown lines must be printed in their order; numbers and widths of columns may differ. */
    static Optional<String> missing(String shown, String printed) {
        List<String> lines = printed.lines().map(PageRunner::comparable).toList();
        int from = 0;
        for (String line : shown.lines().toList()) {
            int found = lines.subList(from, lines.size()).indexOf(comparable(line));
            if (found >= 0) {
                from += found + 1;
            } else if (!line.isBlank() && !line.equals("...")) {
                return Optional.of(": '%s' is not printed, but:%n%s".formatted(line, printed));
            }
        }
        return Optional.empty();
    }

    private static String comparable(String line) {
        return line.replaceAll("\\d+(?:[.,]\\d+)*", "#")
                .replaceAll("\\s+", " ")
                .replaceAll("# \\[#, #\\] #/#|\\bnone$", "#")
                .strip();
    }
}
