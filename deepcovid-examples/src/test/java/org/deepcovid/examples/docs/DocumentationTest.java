package org.deepcovid.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepcovid.cli.DocumentedLine;
import org.deepcovid.examples.docs.Page.Block;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** README.md, CONTRIBUTING.md and the pages below docs agree with the code. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> LANGUAGES =
            Set.of("java", "sh", "xml", "json", "properties", "csv", "text");
    private static final Set<String> SHELL =
            Set.of("./mvnw", "java", "python3", "cat", "cd", "export", "git", "mkdir", "unzip");
    private static final String GOAL =
            "clean|test|package|verify|install|deploy|spotless:apply|dependency:build-classpath";
    private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)\\]\\(([^()\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][\\w-]*");
    private static final Pattern OPTION_IN_CODE = Pattern.compile("[\"'](--[a-z][\\w-]*)[\"']");
    private static final Pattern CAMEL =
            Pattern.compile("(?<![-\\w])[A-Za-z][a-z0-9]+[A-Z]\\w*\\b");
    private static final Pattern RESULT =
            Pattern.compile("\\b(?:auc|area under the|sensitivity|specificity|score for)\\b");
    private static final Pattern NOTICE =
            Pattern.compile("\\b(?:not|nothing here is|no) a? ?diagnostic device");
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");

    private final Map<Path, String> sources = new HashMap<>();
    private final Set<String> words = new HashSet<>();
    private final Set<String> options = new HashSet<>(); // of the command line
    private final Map<String, Set<String>> otherOptions = new HashMap<>(); // by program
    private List<Page> pages;

    @BeforeAll
    void readSources() throws IOException {
        pages = Page.all(ROOT);
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(
                            file ->
                                    file.toString()
                                            .matches(".*(\\.java|\\.py|pom\\.xml|\\.properties)"))
                    .filter(file -> !file.toString().matches(".*[/\\\\]target[/\\\\].*"))
                    .forEach(file -> sources.put(ROOT.relativize(file), read(file)));
        }
        words.addAll(List.of("DocumentationTest", "InferenceSession", "updatePages"));
        sources.forEach(
                (file, text) -> {
                    if (!file.endsWith("DocumentationTest.java")) { // holds wrong names
                        words.addAll(List.of(text.split("\\W+")));
                    }
                    if (!file.toString().contains("test")) {
                        otherOptions.put(
                                file.getFileName().toString().replaceAll("\\..*", ""),
                                OPTION_IN_CODE
                                        .matcher(text)
                                        .results()
                                        .map(match -> match.group(1))
                                        .collect(Collectors.toSet()));
                    }
                });
        options(DocumentedLine.commandLine(), options);
        if (Boolean.getBoolean("deepcovid.updatePages")) {
            for (Page page : pages) {
                update(page);
            }
            pages = Page.all(ROOT);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void codeOfPagesIsCodeOfTests() {
        assertThat(problems(this::codeProblems)).isEmpty();
    }

    @Test
    void commandsCanBeTyped() {
        assertThat(problems(this::commandProblems)).isEmpty();
    }

    @Test
    void namesInTextExist() {
        assertThat(problems(this::nameProblems)).isEmpty();
    }

    @Test
    void dependenciesAreThoseOfTheBuild() {
        assertThat(problems(this::dependencyProblems)).isEmpty();
    }

    @Test
    void linksLeadSomewhere() {
        assertThat(problems(this::linkProblems)).isEmpty();
    }

    @Test
    void resultsComeWithANotice() {
        assertThat(problems(this::noticeProblems)).isEmpty();
    }

    @Test
    void pagesAndPicturesAreLinked() throws IOException {
        Set<String> linked = new HashSet<>(Set.of("README.md", "CHANGELOG.md"));
        for (Page page : pages) {
            page.find(LINK).forEach(link -> linked.add(target(page, link.group(2))));
        }
        assertThat(pages).extracting(Page::name).allMatch(linked::contains);
        try (Stream<Path> pictures = Files.list(ROOT.resolve("docs/images"))) {
            assertThat(pictures.map(file -> "docs/images/" + file.getFileName()))
                    .isNotEmpty()
                    .allMatch(linked::contains);
        }
    }

    @Test
    void sharedFilesOfCommandsExist() {
        Pattern shared = Pattern.compile("\\.\\./shared/([\\w./+-]*\\w)");
        Path folder = SharedData.path("data").getParent();
        assertThat(pages)
                .flatMap(Page::blocks)
                .flatMap(block -> shared.matcher(block.code()).results().toList())
                .allSatisfy(name -> assertThat(folder.resolve(name.group(1))).exists());
    }

    @Test
    void snippetsAndCommandsRun(@TempDir Path temporary) throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("project"));
        Path log = temporary.resolve("log.txt");
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1500m",
                                "-XX:TieredStopAtLevel=1", // short runs: compiling well costs more
                                "-Djava.awt.headless=true",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-Ddeepcovid.offline=true",
                                "-Ddeepcovid.home=" + temporary.resolve("home"),
                                "-cp",
                                "." + File.pathSeparator + path,
                                PageRunner.class.getName(),
                                ROOT.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).doesNotContain("PROBLEM");
    }

    @Test
    void findsWhatIsWrongOnAPage() {
        Page page =
                Page.parse(
                        "docs/page.md",
                        """
                        # One
                        [dead](none.md) [anchor](#two) `--replace` `EvaluationRaport` AUC 0.9
                        ```sh
                        ./deepcovid predict a.deepcovid b.png --sharpen
                        A=b ./mvnw verify -Pnone > log  # comment
                        ./deepcovid predict a.deepcovid b.png \\
                            --format csv -o "c d.csv"
                        ```
                        ```java
                        int a = 1;
                        ```
                        <!-- snippet: PageSnippets#recipe -->
                        ```java
                        FineTuneConfig config = null;
                        ```
                        ```xml
                        <dependency><groupId>org.deepcovid</groupId><artifactId>none</artifactId></dependency>
                        <dependency><groupId>org.deepcovid</groupId><artifactId>deepcovid-eval</artifactId>
                        <version>9</version></dependency>
                        ```
                        """);
        assertThat(linkProblems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("page.md:2", "docs/none.md"),
                        p -> assertThat(p).contains("page.md:2", "#two"));
        assertThat(nameProblems(page))
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).contains("page.md:2", "--replace"),
                        p -> assertThat(p).contains("page.md:2", "EvaluationRaport"));
        assertThat(commandProblems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("page.md:4", "--sharpen"),
                        p -> assertThat(p).contains("page.md:4", "profile none"));
        assertThat(codeProblems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("page.md:10", "snippet"),
                        p -> assertThat(p).contains("page.md:14", "recipe"));
        assertThat(dependencyProblems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("none"), p -> assertThat(p).contains("9"));
        assertThat(noticeProblems(page)).hasSize(1);
        assertThat(PageRunner.missing("a 1\n...\nb", "x\na  2.5\ny\nb\n")).isEmpty();
        assertThat(PageRunner.missing("a\nb", "b\na\n")).isPresent();
    }

    private List<String> problems(Function<Page, List<String>> check) {
        return pages.stream().flatMap(page -> check.apply(page).stream()).toList();
    }

    private List<String> codeProblems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            if (!LANGUAGES.contains(block.language())) {
                problems.add(block.place() + ": language is not one of " + LANGUAGES);
            } else if (block.language().equals("java") && block.mark("snippet").isEmpty()) {
                problems.add(block.place() + ": no comment 'snippet: CLASS#REGION' above");
            }
            for (String name :
                    block.mark("snippet").stream().flatMap(s -> Stream.of(s.split(" "))).toList()) {
                if (!block.code().equals(region(name))) {
                    problems.add(
                            "%s: differs from %s:%n%s"
                                    .formatted(block.place(), name, region(name)));
                }
            }
        }
        return problems;
    }

    /** Copies the regions to the page. */
    private void update(Page page) throws IOException {
        String text = Files.readString(ROOT.resolve(page.name()));
        for (Block block : page.blocks()) {
            String name = block.mark("snippet").orElse("").replaceAll(" .*", "");
            if (!name.isEmpty()) {
                String head = "<!-- " + block.marker() + " -->\n```java\n";
                text = text.replace(head + block.code(), head + region(name));
            }
        }
        Files.writeString(ROOT.resolve(page.name()), text);
    }

    private String region(String name) {
        String file = name.replaceAll("#.*", ".java");
        String region =
                "(?s).*\n( *)// region "
                        + name.replaceAll(".*#", "")
                        + "\n(.*?)\n *// endregion\n.*";
        return sources.entrySet().stream()
                .filter(source -> source.getKey().endsWith(file))
                .map(source -> Pattern.compile(region).matcher("\n" + source.getValue()))
                .filter(Matcher::matches)
                .map(m -> m.group(2).replaceAll("(?m)^" + m.group(1), "") + "\n")
                .findFirst()
                .orElse("no such region");
    }

    private List<String> commandProblems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            for (List<String> command :
                    block.language().equals("sh") ? block.commands() : List.<List<String>>of()) {
                Stream<String> found =
                        command.get(0).equals("./deepcovid")
                                ? launched(command.subList(1, command.size())).stream()
                                : command.stream()
                                        .flatMap(word -> unknown(command.get(0), word).stream());
                found.forEach(text -> problems.add(block.place() + ": " + text));
            }
        }
        return problems;
    }

    private Optional<String> launched(List<String> words) {
        if (!Character.isUpperCase(words.get(0).charAt(0))) {
            return DocumentedLine.problem(words);
        }
        return exists(words.get(0) + ".java");
    }

    /** What is wrong with a word of a command that is not ours. */
    private Optional<String> unknown(String command, String word) {
        if (word.equals(command)) {
            return SHELL.contains(word) ? Optional.empty() : Optional.of("unknown command " + word);
        }
        if (word.matches("org\\.deepcovid\\..*[A-Z]\\w*")) {
            return exists(word.replace('.', '/') + ".java");
        }
        if (word.startsWith("-Dtest=")) {
            return exists(word.replaceAll("-Dtest=(\\w+).*", "$1.java"));
        }
        if (word.endsWith(".py") || (word.startsWith("deepcovid-") && command.equals("./mvnw"))) {
            return Files.exists(ROOT.resolve(word))
                    ? Optional.empty()
                    : Optional.of("no file " + word);
        }
        if (!command.equals("./mvnw") || word.matches(GOAL)) {
            return Optional.empty();
        }
        String profile = word.startsWith("-P") ? word.substring(2) : "";
        return word.startsWith("-P")
                ? poms("<id>" + profile + "</id>", "no profile " + profile)
                : word.startsWith("-") ? Optional.empty() : Optional.of("unknown goal " + word);
    }

    private Optional<String> poms(String text, String problem) {
        return sources.entrySet().stream()
                        .anyMatch(
                                source ->
                                        source.getKey().endsWith("pom.xml")
                                                && source.getValue().contains(text))
                ? Optional.empty()
                : Optional.of(problem);
    }

    private Optional<String> exists(String file) {
        return sources.keySet().stream().anyMatch(path -> path.endsWith(file))
                ? Optional.empty()
                : Optional.of("no file " + file);
    }

    /** Options and names in code spans that occur nowhere in the code. */
    private List<String> nameProblems(Page page) {
        List<String> problems = new ArrayList<>();
        if (page.name().equals("CHANGELOG.md")) {
            return problems; // names what is gone
        }
        String text = page.prose() + page.blocks();
        Set<String> known = new HashSet<>(options);
        otherOptions.forEach(
                (program, names) -> {
                    if (text.contains(program)) {
                        known.addAll(names);
                    }
                });
        page.find(SPAN)
                .forEach(
                        span -> {
                            OPTION.matcher(span.group(1))
                                    .results()
                                    .map(MatchResult::group)
                                    .filter(option -> !known.contains(option))
                                    .forEach(
                                            option ->
                                                    problems.add(
                                                            page.place(span)
                                                                    + ": no option "
                                                                    + option));
                            CAMEL.matcher(span.group(1))
                                    .results()
                                    .map(MatchResult::group)
                                    .filter(name -> !words.contains(name))
                                    .forEach(
                                            name ->
                                                    problems.add(
                                                            page.place(span)
                                                                    + ": no name "
                                                                    + name));
                        });
        return problems;
    }

    private static void options(CommandLine command, Set<String> names) {
        command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
        command.getSubcommands().values().forEach(sub -> options(sub, names));
    }

    private List<String> dependencyProblems(Page page) {
        String bom = sources.get(Path.of("deepcovid-bom/pom.xml")).replaceAll("(?s)<!--.*?-->", "");
        Map<String, String> managed = new HashMap<>();
        managed.put("org.deepcovid:deepcovid-bom", element(bom, "version"));
        dependencies(bom)
                .forEach(xml -> managed.put(key(xml), resolve(bom, element(xml, "version"))));
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            String code = block.language().equals("xml") ? block.code() : "";
            dependencies(code.replaceAll("(?s)<!--.*?-->", ""))
                    .forEach(
                            xml -> {
                                String version = element(xml, "version");
                                String expected = managed.get(key(xml));
                                if (expected == null
                                        || (!version.isEmpty() && !version.equals(expected))) {
                                    problems.add(
                                            "%s: %s has version '%s', in deepcovid-bom %s"
                                                    .formatted(
                                                            block.place(),
                                                            key(xml),
                                                            version,
                                                            expected));
                                }
                            });
        }
        return problems;
    }

    private static Stream<String> dependencies(String xml) {
        return DEPENDENCY.matcher(xml).results().map(match -> match.group(1));
    }

    private static String key(String dependency) {
        return element(dependency, "groupId") + ":" + element(dependency, "artifactId");
    }

    private static String element(String xml, String name) {
        var matcher = Pattern.compile("<%1$s>\\s*(.*?)\\s*</%1$s>".formatted(name)).matcher(xml);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String resolve(String pom, String text) {
        return text.equals("${project.version}")
                ? element(pom, "version")
                : text.startsWith("${") ? element(pom, text.substring(2, text.length() - 1)) : text;
    }

    private List<String> linkProblems(Page page) {
        List<String> problems = new ArrayList<>();
        page.find(LINK)
                .filter(link -> !link.group(2).startsWith("https://"))
                .forEach(
                        link -> {
                            String target = target(page, link.group(2));
                            int hash = link.group(2).indexOf('#') + 1;
                            String anchor = hash == 0 ? "" : link.group(2).substring(hash);
                            boolean known =
                                    anchor.isEmpty()
                                            || Stream.concat(Stream.of(page), pages.stream())
                                                    .filter(other -> other.name().equals(target))
                                                    .anyMatch(
                                                            other ->
                                                                    other.anchors()
                                                                            .contains(anchor));
                            if (!known
                                    || (!target.equals(page.name())
                                            && !Files.exists(ROOT.resolve(target)))) {
                                problems.add(
                                        "%s: nothing at %s"
                                                .formatted(
                                                        page.place(link),
                                                        known ? target : "#" + anchor));
                            }
                        });
        return problems;
    }

    private static String target(Page page, String link) {
        String file = link.replaceAll("#.*", "");
        return file.isEmpty()
                ? page.name()
                : Path.of("/" + page.name())
                        .resolveSibling(file)
                        .normalize()
                        .toString()
                        .substring(1);
    }

    private List<String> noticeProblems(Page page) {
        StringBuilder text = new StringBuilder(page.prose());
        page.blocks().forEach(block -> text.append(block.code()));
        String lower = text.toString().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        return RESULT.matcher(lower).find() && !NOTICE.matcher(lower).find()
                ? List.of(page.name() + " shows results without 'not a diagnostic device'")
                : List.of();
    }
}
