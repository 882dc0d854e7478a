package org.deepcovid.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepcovid.examples.docs.Example.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The code on README.md and the pages below docs compiles, runs, and prints what they show. */
final class DocumentationExamplesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final long TIME_LIMIT_SECONDS = 900;
    private static final List<MarkdownPage> PAGES = MarkdownPage.all(ROOT);
    private static final Snippets SNIPPETS = Snippets.ofLibrary(ROOT);
    private static List<String> compileProblems;
    private static Map<String, Outcome> outcomes = Map.of();

    @TempDir static Path temporary;

    @BeforeAll
    static void compileAndRun() throws Exception {
        Path classes = Files.createDirectories(temporary.resolve("classes"));
        List<Snippets.Unit> units = PAGES.stream().flatMap(p -> SNIPPETS.of(p).stream()).toList();
        compileProblems = SnippetCompiler.compile(units, classes);
        if (compileProblems.isEmpty()) {
            outcomes = runExamples(classes);
        }
    }

    private static Map<String, Outcome> runExamples(Path classes) throws Exception {
        Path results = temporary.resolve("outcomes.json");
        Path log = temporary.resolve("log.txt");
        Path folder = Files.createDirectories(temporary.resolve("reader/project"));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1500m",
                                "-XX:TieredStopAtLevel=1", // short runs: compiling well costs more
                                "-Djava.awt.headless=true",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-Ddeepcovid.offline=true",
                                "-Ddeepcovid.home=" + temporary.resolve("home"),
                                "-cp",
                                String.join(
                                        File.pathSeparator,
                                        ".",
                                        classes.toString(),
                                        SnippetCompiler.classPath()),
                                ExampleRunner.class.getName(),
                                ROOT.toString(),
                                results.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("the examples end within %d s", TIME_LIMIT_SECONDS)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return new ObjectMapper()
                .readValue(results.toFile(), new TypeReference<Map<String, Outcome>>() {});
    }

    @Test
    void shownCodeCompiles() {
        assertThat(compileProblems).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> shownCodeRuns() {
        assumeThat(compileProblems).isEmpty();
        return PAGES.stream()
                .flatMap(page -> Example.of(page, SNIPPETS).stream())
                .map(
                        example ->
                                DynamicTest.dynamicTest(
                                        example.place(),
                                        () ->
                                                assertThat(
                                                                Outputs.problem(
                                                                        example,
                                                                        outcomes.get(
                                                                                example.place())))
                                                        .isEmpty()));
    }

    @Test
    void shownOutputIsPrinted() {
        assumeThat(compileProblems).isEmpty();
        assertThat(PAGES)
                .flatMap(page -> Outputs.problems(page, Example.of(page, SNIPPETS), outcomes))
                .isEmpty();
    }
}
