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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern SOURCE =
            Pattern.compile(".*(\\.java|\\.py|pom\\.xml|\\.properties)");
    private static final String TARGET = File.separator + "target" + File.separator;
    private static final Set<String> LANGUAGES =
            Set.of("java", "sh", "xml", "json", "properties", "csv", "text");
    private static final Set<String> SHELL =
            Set.of("./mvnw", "java", "python3", "cat", "cd", "export", "git", "mkdir", "unzip");
    private static final String GOAL =
            "clean|test|package|verify|install|deploy|spotless:apply|dependency:build-classpath";
    private static final Pattern LINK =
            Pattern.compile("\\[([^\\[\\]]*)\\]\\((?!https://)([^()\\s]+)\\)");
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
            files.filter(file -> SOURCE.matcher(file.toString()).matches())
                    .filter(file -> !file.toString().contains(TARGET))
                    .forEach(file -> sources.put(ROOT.relativize(file), read(file)));
        }
        words.addAll(List.of("DocumentationTest", "InferenceSession", "updatePages"));
        sources.forEach(
                (file, text) -> {
                    if (!file.endsWith("DocumentationTest.java")) { // holds wrong names
                        words.addAll(List.of(text.split("\\W+")));
                    }
                    if (!file.toString().contains("test")) {
                        String program = file.getFileName().toString().replaceAll("\\..*", "");
                        otherOptions.put(program, Set.copyOf(all(OPTION_IN_CODE, text, 1)));
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

    private static List<String> all(Pattern pattern, String text, int group) {
        return pattern.matcher(text).results().map(match -> match.group(group)).toList();
    }

    @Test
    void pagesAgreeWithTheCode() {
        assertThat(pages).flatMap(this::problems).isEmpty();
    }

    private List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        problems.addAll(codeProblems(page));
        problems.addAll(commandProblems(page));
        problems.addAll(nameProblems(page));
        problems.addAll(dependencyProblems(page));
        problems.addAll(linkProblems(page));
        problems.addAll(noticeProblems(page));
        return problems;
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
                .flatMap(block -> all(shared, block.code(), 1))
                .allSatisfy(name -> assertThat(folder.resolve(name)).exists());
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
        assertThat(problems(page))
                .satisfiesExactly(
                        p -> assertThat(p).contains("page.md:10", "snippet"),
                        p -> assertThat(p).contains("page.md:14", "recipe"),
                        p -> assertThat(p).contains("page.md:4", "--sharpen"),
                        p -> assertThat(p).contains("page.md:4", "profile none"),
                        p -> assertThat(p).contains("page.md:2", "--replace"),
                        p -> assertThat(p).contains("page.md:2", "EvaluationRaport"),
                        p -> assertThat(p).contains("page.md:17", "none"),
                        p -> assertThat(p).contains("page.md:17", "9"),
                        p -> assertThat(p).contains("page.md:2", "docs/none.md"),
                        p -> assertThat(p).contains("page.md:2", "#two"),
                        p -> assertThat(p).contains("not a diagnostic device"));
        assertThat(PageRunner.missing("a 1\n...\nb", "x\na  2.5\ny\nb\n")).isEmpty();
        assertThat(PageRunner.missing("a\nb", "b\na\n")).isPresent();
    }

    private List<String> codeProblems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            if (!LANGUAGES.contains(block.language())) {
                problems.add(block.place() + ": language is not one of " + LANGUAGES);
            } else if (block.language().equals("java") && block.mark("snippet").isEmpty()) {
                problems.add(block.place() + ": no comment 'snippet: CLASS#REGION' above");
            }
            for (String name : block.mark("snippet").orElse("").split(" ")) {
                if (!name.isEmpty() && !block.code().equals(region(name))) {
                    problems.add(block.place() + ": differs from " + name + ":\n" + region(name));
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
            for (List<String> command : block.commands()) {
                Stream<String> found =
                        command.get(0).equals("./deepcovid")
                                ? Stream.of(launched(command.subList(1, command.size())))
                                : command.stream().map(word -> unknown(command.get(0), word));
                found.filter(text -> !text.isEmpty())
                        .forEach(text -> problems.add(block.place() + ": " + text));
            }
        }
        return problems;
    }

    private String launched(List<String> words) {
        return Character.isUpperCase(words.get(0).charAt(0))
                ? exists(words.get(0) + ".java")
                : DocumentedLine.problem(words);
    }

    /** What is wrong with a word of a command that is not ours, or an empty text. */
    private String unknown(String command, String word) {
        if (word.equals(command)) {
            return SHELL.contains(word) ? "" : "unknown command " + word;
        }
        if (word.matches("org\\.deepcovid\\..*[A-Z]\\w*")) {
            return exists(word.replace('.', '/') + ".java");
        }
        if (word.startsWith("-Dtest=")) {
            return exists(word.replaceAll("-Dtest=(\\w+).*", "$1.java"));
        }
        if (word.endsWith(".py") || (word.startsWith("deepcovid-") && command.equals("./mvnw"))) {
            return Files.exists(ROOT.resolve(word)) ? "" : "no file " + word;
        }
        if (!command.equals("./mvnw") || word.matches(GOAL)) {
            return "";
        }
        if (word.startsWith("-P")) {
            String id = "<id>" + word.substring(2) + "</id>";
            return sources.entrySet().stream()
                            .filter(source -> source.getKey().endsWith("pom.xml"))
                            .anyMatch(source -> source.getValue().contains(id))
                    ? ""
                    : "no profile " + word.substring(2);
        }
        return word.startsWith("-") ? "" : "unknown goal " + word;
    }

    private String exists(String file) {
        return sources.keySet().stream().anyMatch(path -> path.endsWith(file))
                ? ""
                : "no file " + file;
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
                (program, names) -> known.addAll(text.contains(program) ? names : Set.of()));
        for (MatchResult span : page.find(SPAN)) {
            all(OPTION, span.group(1), 0).stream()
                    .filter(option -> !known.contains(option))
                    .forEach(option -> problems.add(page.place(span) + ": no option " + option));
            all(CAMEL, span.group(1), 0).stream()
                    .filter(name -> !words.contains(name))
                    .forEach(name -> problems.add(page.place(span) + ": no name " + name));
        }
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
        for (String xml : all(DEPENDENCY, bom, 1)) {
            String version = element(xml, "version");
            String property = version.replaceAll("^\\$\\{(project\\.)?|}$", "");
            managed.put(key(xml), version.startsWith("$") ? element(bom, property) : version);
        }
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks()) {
            String code = block.language().equals("xml") ? block.code() : "";
            for (String xml : all(DEPENDENCY, code.replaceAll("(?s)<!--.*?-->", ""), 1)) {
                String version = element(xml, "version");
                String expected = managed.get(key(xml));
                if (expected == null || (!version.isEmpty() && !version.equals(expected))) {
                    problems.add(
                            "%s: %s has version '%s', in deepcovid-bom %s"
                                    .formatted(block.place(), key(xml), version, expected));
                }
            }
        }
        return problems;
    }

    private static String key(String dependency) {
        return element(dependency, "groupId") + ":" + element(dependency, "artifactId");
    }

    private static String element(String xml, String name) {
        var matcher = Pattern.compile("<%1$s>\\s*(.*?)\\s*</%1$s>".formatted(name)).matcher(xml);
        return matcher.find() ? matcher.group(1) : "";
    }

    private List<String> linkProblems(Page page) {
        List<String> problems = new ArrayList<>();
        for (MatchResult link : page.find(LINK)) {
            String target = target(page, link.group(2));
            String anchor = link.group(2).replaceAll("^[^#]*#?", "");
            boolean known =
                    anchor.isEmpty()
                            || Stream.concat(Stream.of(page), pages.stream())
                                    .filter(other -> other.name().equals(target))
                                    .anyMatch(other -> other.anchors().contains(anchor));
            if (!known) {
                problems.add(page.place(link) + ": nothing at #" + anchor);
            } else if (!target.equals(page.name()) && !Files.exists(ROOT.resolve(target))) {
                problems.add(page.place(link) + ": nothing at " + target);
            }
        }
        return problems;
    }

    private static String target(Page page, String link) {
        String file = link.replaceAll("#.*", "");
        Path path = Path.of("/" + page.name()).resolveSibling(file).normalize();
        return file.isEmpty() ? page.name() : path.toString().substring(1);
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
