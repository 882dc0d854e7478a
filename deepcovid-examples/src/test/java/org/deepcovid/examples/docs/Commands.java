package org.deepcovid.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deepcovid.cli.DocumentedCommands;

/** Whether the commands on the pages could be typed: names, options, profiles, classes, files. */
final class Commands {

    /** Launcher of the command line. */
    static final String LAUNCHER = "./deepcovid";

    private static final Set<String> EVERYDAY =
            Set.of(
                    "cat", "cd", "cp", "du", "echo", "export", "git", "head", "jq", "ls", "mkdir",
                    "source", "unset");
    private static final Pattern GOAL =
            Pattern.compile(
                    "clean|test-compile|test|package|verify|install|spotless:apply"
                            + "|dependency:build-classpath");
    private static final Pattern OUR_CLASS =
            Pattern.compile("org\\.deepcovid\\.[\\w.]*\\.[A-Z]\\w*");
    private static final Pattern SHARED = Pattern.compile("\\.\\./shared/[\\w./+-]*\\w");

    private final Path root;

    Commands(Path root) {
        this.root = root;
    }

    /** What is wrong with a page's commands. */
    List<String> problems(MarkdownPage page) {
        List<String> problems = new ArrayList<>();
        page.blocks("sh")
                .flatMap(block -> ShellCommand.of(block).stream())
                .forEach(
                        command ->
                                problem(command)
                                        .ifPresent(
                                                text ->
                                                        problems.add(
                                                                command.place() + ": " + text)));
        return problems;
    }

    private Optional<String> problem(ShellCommand command) {
        return switch (command.name()) {
            case LAUNCHER -> DocumentedCommands.problem(command.arguments());
            case "./mvnw", "mvn" -> first(command.arguments().stream().map(this::maven));
            case "java" -> first(command.arguments().stream().map(this::javaClass));
            case "python3" -> script(command.arguments().get(0));
            default ->
                    EVERYDAY.contains(command.name())
                            ? Optional.empty()
                            : Optional.of(
                                    "'%s' is no command that the pages are known to use"
                                            .formatted(command.name()));
        };
    }

    private static Optional<String> first(Stream<Optional<String>> problems) {
        return problems.flatMap(Optional::stream).findFirst();
    }

    private Optional<String> maven(String word) {
        if (word.startsWith("-P")) {
            String profile = "<id>" + word.substring(2) + "</id>";
            return poms().anyMatch(pom -> pom.contains(profile))
                    ? Optional.empty()
                    : Optional.of("the build has no profile " + word.substring(2));
        }
        if (word.startsWith("-Dtest=")) {
            return source(word.substring("-Dtest=".length()));
        }
        if (word.startsWith("deepcovid-")) {
            return exists(word);
        }
        return word.startsWith("-") || GOAL.matcher(word).matches()
                ? Optional.empty()
                : Optional.of("'%s' is none of the goals %s".formatted(word, GOAL));
    }

    private Optional<String> javaClass(String word) {
        return OUR_CLASS.matcher(word).matches()
                ? source(word.substring(word.lastIndexOf('.') + 1))
                : Optional.empty();
    }

    private Optional<String> script(String word) {
        return word.startsWith("-") ? Optional.empty() : exists(word);
    }

    private Optional<String> exists(String name) {
        return Files.exists(root.resolve(name))
                ? Optional.empty()
                : Optional.of("there is no " + name);
    }

    private Optional<String> source(String simpleName) {
        for (String module : modules()) {
            Path sources = root.resolve(module).resolve("src");
            try (Stream<Path> files = Files.walk(sources)) {
                if (files.anyMatch(file -> file.endsWith(simpleName + ".java"))) {
                    return Optional.empty();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(sources + " cannot be listed", e);
            }
        }
        return Optional.of("there is no class " + simpleName);
    }

    private List<String> modules() {
        return Pattern.compile("<module>(.*?)</module>")
                .matcher(pom())
                .results()
                .map(match -> match.group(1))
                .filter(module -> Files.isDirectory(root.resolve(module).resolve("src")))
                .toList();
    }

    private Stream<String> poms() {
        return Stream.concat(Stream.of(""), modules().stream())
                .map(module -> read(root.resolve(module).resolve("pom.xml")));
    }

    private String pom() {
        return read(root.resolve("pom.xml"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files beside the project that a page's commands name. */
    static List<String> sharedFiles(MarkdownPage page) {
        return page.blocks("sh")
                .flatMap(block -> SHARED.matcher(block.text()).results())
                .map(match -> match.group().substring("../shared/".length()))
                .distinct()
                .toList();
    }
}
