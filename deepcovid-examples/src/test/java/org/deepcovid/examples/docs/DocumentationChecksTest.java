package org.deepcovid.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.examples.docs.Example.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of pages find what is wrong, and where. */
final class DocumentationChecksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Snippets SNIPPETS = Snippets.ofLibrary(ROOT);

    @TempDir Path folder;

    private static MarkdownPage page(String... lines) {
        return MarkdownPage.parse("docs/page.md", String.join("\n", lines) + "\n");
    }

    private static MarkdownPage commands(String... lines) {
        return page("```sh\n" + String.join("\n", lines) + "\n```");
    }

    private List<String> compile(MarkdownPage page) {
        return SnippetCompiler.compile(SNIPPETS.of(page), folder);
    }

    @Test
    void namesPageAndLineOfCodeThatDoesNotCompile() {
        MarkdownPage page =
                page(
                        "Text.",
                        "",
                        "```java",
                        "import java.time.Year;",
                        "",
                        "int a = 1;",
                        "a.b();",
                        "```");
        assertThat(compile(page))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:7: int cannot");
    }

    @Test
    void compilesWhatContinuesTogether() {
        String[] lines = {"```java", "int a = 1;", "```", "and", "", "```java", "a++;", "```"};
        assertThat(compile(page(lines))).hasSize(1);

        lines[4] = "<!-- example: continues -->";
        assertThat(compile(page(lines))).isEmpty();
        assertThat(Example.of(page(lines), SNIPPETS))
                .extracting(Example::place)
                .containsExactly("docs/page.md:2");
    }

    @Test
    void compilesDeclaredTypesForTheBlocksOfTheirPage() {
        MarkdownPage page =
                page(
                        "```java",
                        "/** A type. */",
                        "public record Pair(int a, int b) {}",
                        "```",
                        "",
                        "```java",
                        "System.out.println(new Pair(1, 2));",
                        "```");
        assertThat(compile(page)).isEmpty();
        assertThat(folder.resolve("snippets/docs_page/Pair.class")).exists();
        assertThat(Example.of(page, SNIPPETS)).hasSize(1);
    }

    @Test
    void warnsOfDeprecatedMethods() {
        assertThat(compile(page("```java", "new Integer(1);", "```")))
                .anySatisfy(problem -> assertThat(problem).contains("page.md:2", "deprecated"));
    }

    @Test
    void findsCommandsThatCannotBeTyped() {
        Commands commands = new Commands(ROOT);
        assertThat(commands.problems(commands("# nothing", "./deepcovid PredictOneImage a b > c")))
                .isEmpty();
        assertThat(commands.problems(commands("./mvnw verify -Pslow", "A=b ./mvnw -q package")))
                .isEmpty();
        assertThat(
                        commands.problems(
                                commands(
                                        "./deepcovid PredictOneImage a b --sharpen",
                                        "./deepcovid Predict a b",
                                        "./deepcovid FineTuneSqueezeNet data \\",
                                        "  weights out --epochs many",
                                        "ls | sharpen",
                                        "./mvnw verify -Pnone",
                                        "./mvnw verfy",
                                        "./mvnw test -Dtest=NoSuchTest",
                                        "java -cp x org.deepcovid.examples.NoSuchMain",
                                        "python3 none.py")))
                .satisfiesExactly(
                        p ->
                                assertThat(p)
                                        .startsWith("docs/page.md:2: Unknown")
                                        .contains("sharpen"),
                        p -> assertThat(p).startsWith("docs/page.md:3: ").contains("Predict"),
                        p -> assertThat(p).startsWith("docs/page.md:4: ").contains("many"),
                        p -> assertThat(p).startsWith("docs/page.md:6: ").contains("sharpen"),
                        p -> assertThat(p).startsWith("docs/page.md:7: ").contains("profile none"),
                        p -> assertThat(p).startsWith("docs/page.md:8: ").contains("verfy"),
                        p -> assertThat(p).startsWith("docs/page.md:9: ").contains("NoSuchTest"),
                        p -> assertThat(p).startsWith("docs/page.md:10: ").contains("NoSuchMain"),
                        p -> assertThat(p).startsWith("docs/page.md:11: ").contains("none.py"));
    }

    @Test
    void readsCommandsAsAShellDoes() {
        CodeBlock block =
                commands("X=1 a 'b c'  \"d # e\" f#g # h; i", "j >k l && m; n 2>>o|p")
                        .blocks()
                        .get(0);
        assertThat(ShellCommand.of(block))
                .extracting(ShellCommand::words)
                .containsExactly(
                        List.of("a", "b c", "d # e", "f#g"),
                        List.of("j", "l"),
                        List.of("m"),
                        List.of("n", "2"),
                        List.of("p"));
        CodeBlock open = commands("a 'b").blocks().get(0);
        assertThatThrownBy(() -> ShellCommand.of(open))
                .hasMessageContaining("docs/page.md:2")
                .hasMessageContaining("not closed");
    }

    @Test
    void findsDependenciesThatTheBuildDoesNotUse() throws IOException {
        PomCoordinates build = new PomCoordinates(ROOT);
        String dependency =
                "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s</dependency>";
        String version = "<version>9</version>";
        assertThat(
                        build.problems(
                                page(
                                        "```xml",
                                        dependency.formatted("org.deepcovid", "deepcovid-core", ""),
                                        dependency.formatted("org.nd4j", "nd4j-native", version),
                                        dependency.formatted(
                                                "org.deepcovid", "deepcovid-models", version),
                                        dependency.formatted("org.deepcovid", "deepcovid-ui", ""),
                                        "```",
                                        "```xml",
                                        "<a>",
                                        "```")))
                .satisfiesExactly(
                        p -> assertThat(p).contains("nd4j-native has version 9", "1.0.0-M2.1"),
                        p -> assertThat(p).contains("deepcovid-models has version 9"),
                        p -> assertThat(p).contains("no dependency org.deepcovid:deepcovid-ui"),
                        p -> assertThat(p).contains("docs/page.md:8", "no well-formed XML"));
    }

    @Test
    void findsBrokenLinksAndLonePages() {
        MarkdownPage readme =
                MarkdownPage.parse(
                        "README.md",
                        """
                        # A title, with `code` & more
                        ## Same
                        ## Same
                        [good](docs/page.md#one) [self](#a-title-with-code--more) [twice](#same-1)
                        [web](https://example.org/x) `[code](none)` [gone](docs/none.md)
                        [lost](#none) [plain](http://example.org) ![](pom.xml)
                        """);
        MarkdownPage page = page("# One", "[back](../README.md)");
        MarkdownPage lone = MarkdownPage.parse("docs/lone.md", "[back](../README.md)\n");
        Path exists = ROOT; // README.md and pom.xml are there; docs/page.md is not
        Links links = new Links(exists, List.of(readme, page, lone));
        assertThat(links.broken())
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).contains("README.md:4", "there is no docs/page.md"),
                        p -> assertThat(p).contains("README.md:5", "there is no docs/none.md"),
                        p -> assertThat(p).contains("README.md:6", "#none", "no heading", "same-1"),
                        p -> assertThat(p).contains("README.md:6", "https"),
                        p -> assertThat(p).contains("README.md:6", "no text"));
        assertThat(links.unreachable()).containsExactly("docs/lone.md");
    }

    @Test
    void refusesLanguagesThatNothingChecks() {
        MarkdownPage page =
                page(
                        "```",
                        "a",
                        "```",
                        "```python",
                        "b",
                        "```",
                        "```json",
                        "{\"c\"",
                        "```",
                        "```csv",
                        "d",
                        "```",
                        "```text",
                        "e",
                        "```");
        assertThat(Languages.problems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("page.md:2", "no language"),
                        p -> assertThat(p).contains("page.md:5", "python"),
                        p -> assertThat(p).contains("page.md:8"),
                        p -> assertThat(p).contains("page.md:11", "file NAME"));
    }

    @Test
    void asksForTheNoticeWhereResultsAreShown() {
        assertThat(Disclaimer.problems(page("AUC 0.9"))).hasSize(1);
        assertThat(Disclaimer.problems(page("```text", "sensitivity 0.9", "```"))).hasSize(1);
        assertThat(Disclaimer.problems(page("AUC 0.9. This is not", "a diagnostic device.")))
                .isEmpty();
        assertThat(Disclaimer.problems(page("No results."))).isEmpty();
    }

    @Test
    void comparesShownOutputWithWhatIsPrinted() {
        MarkdownPage page =
                page(
                        "```java",
                        "int a;",
                        "```",
                        "<!-- example: output -->",
                        "```text",
                        "area    0.9912",
                        "...",
                        "wrote b",
                        "```");
        List<Example> examples = Example.of(page, SNIPPETS);
        assertThat(outputs(page, examples, "start\narea 0.5\nmore\nwrote b\n")).isEmpty();
        assertThat(outputs(page, examples, "wrote b\narea 0.5\n"))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:8: 'wrote b' is not printed");
    }

    private static List<String> outputs(MarkdownPage page, List<Example> examples, String printed) {
        return Outputs.problems(page, examples, Map.of("docs/page.md:2", new Outcome(printed, "")));
    }

    @Test
    void takesAFailureForSuccessOnlyWhereThePageAnnouncesIt() {
        Example plain = example("given split");
        Example failing = example("fails: no threshold");
        Outcome good = new Outcome("", "");
        Outcome bad = new Outcome("", "java.lang.IllegalStateException: no threshold");
        assertThat(Outputs.problem(plain, good)).isEmpty();
        assertThat(Outputs.problem(plain, bad)).isPresent();
        assertThat(Outputs.problem(failing, bad)).isEmpty();
        assertThat(Outputs.problem(failing, good)).isPresent();
        assertThat(Outputs.problem(failing, new Outcome("", "something else"))).isPresent();
        assertThat(Outputs.problem(plain, null)).isPresent();
    }

    private static Example example(String directive) {
        return new Example(
                "docs/page.md:1",
                Directive.parse(directive),
                Map.of(),
                Optional.of("snippets.X"),
                List.of());
    }

    @Test
    void refusesCommentsThatMakeNoSense() {
        assertThatThrownBy(() -> page("<!-- example: runs -->", "```java", "```"))
                .hasMessageContaining("docs/page.md:1: 'runs'");
        assertThatThrownBy(() -> page("<!-- example: given split -->", "text"))
                .hasMessageContaining("docs/page.md:2")
                .hasMessageContaining("before text");
        assertThatThrownBy(() -> page("```java", "int a;"))
                .hasMessageContaining("docs/page.md:1: the block is not closed");
        MarkdownPage alone = page("<!-- example: continues -->", "```java", "```");
        assertThatThrownBy(() -> SNIPPETS.of(alone)).hasMessageContaining("continues nothing");
    }
}
