package org.deepcovid.examples.docs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Java sources made of a page's {@code java} blocks. The code shown is not changed: it is put into
 * a method, after its {@code import} lines have been moved up, among imports of all public packages
 * of the library, and after the variables that its comment calls given. A block that declares a
 * type is a source file of its own.
 */
final class Snippets {

    /** Method that a snippet's class has. */
    static final String METHOD = "run";

    private static final Pattern TYPE =
            Pattern.compile(
                    "^(?:public |final |abstract |sealed )*(?:class|record|interface|enum) (\\w+)",
                    Pattern.MULTILINE);
    private static final Pattern PACKAGE =
            Pattern.compile("^package ([\\w.]+);$", Pattern.MULTILINE);
    private static final Pattern IMPORT = Pattern.compile("^import [^;]+;$", Pattern.MULTILINE);

    /**
     * One compilation unit.
     *
     * @param className with its package
     * @param blocks what it was made of
     * @param source text
     * @param runnable whether it has the method
     */
    record Unit(String className, List<CodeBlock> blocks, String source, boolean runnable) {

        /** First block's place, which names the unit. */
        String place() {
            return blocks.get(0).place();
        }

        Directive directive() {
            return blocks.get(0).directive();
        }

        /** Where a line of the source stands in the page, as far as it is shown there. */
        String place(long line) {
            String[] lines = source.split("\n", -1);
            for (int i = (int) Math.min(line, lines.length) - 1; i >= 0; i--) {
                Matcher marker = Pattern.compile("// (\\S+):(\\d+)").matcher(lines[i]);
                if (marker.matches()) {
                    int first = Integer.parseInt(marker.group(2));
                    return "%s:%d".formatted(marker.group(1), first + line - i - 2);
                }
            }
            return place();
        }
    }

    private final List<String> packages;

    private Snippets(List<String> packages) {
        this.packages = packages;
    }

    /** Lets snippets name the types of all packages of the library, and some of Java's. */
    static Snippets ofLibrary(Path root) {
        List<String> packages = new ArrayList<>(List.of("java.nio.file", "java.util"));
        for (String module : List.of("core", "models", "eval")) {
            Path sources = root.resolve("deepcovid-" + module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.endsWith("package-info.java"))
                        .map(file -> sources.relativize(file.getParent()).toString())
                        .map(name -> name.replace(File.separatorChar, '.'))
                        .filter(name -> name.startsWith("org.deepcovid."))
                        .sorted()
                        .forEach(packages::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Snippets(packages);
    }

    /** Sources of a page's blocks. */
    List<Unit> of(MarkdownPage page) {
        List<List<CodeBlock>> groups = new ArrayList<>();
        for (CodeBlock block : page.blocks("java").toList()) {
            if (block.directive().continues()) {
                if (groups.isEmpty()) {
                    throw new IllegalArgumentException(
                            block.place() + ": continues nothing; no Java block stands before it");
                }
                groups.get(groups.size() - 1).add(block);
            } else {
                groups.add(new ArrayList<>(List.of(block)));
            }
        }
        String home =
                "snippets."
                        + page.name()
                                .replaceAll("\\.md$", "")
                                .replaceAll("\\W", "_")
                                .toLowerCase(Locale.ROOT);
        List<String> visible = new ArrayList<>(packages);
        visible.addAll(declaredPackages(page));
        return groups.stream().map(group -> unit(home, visible, group)).toList();
    }

    private static List<String> declaredPackages(MarkdownPage page) {
        return page.blocks("java")
                .flatMap(block -> PACKAGE.matcher(block.text()).results())
                .map(match -> match.group(1))
                .toList();
    }

    private static Unit unit(String home, List<String> visible, List<CodeBlock> group) {
        CodeBlock first = group.get(0);
        Matcher type = TYPE.matcher(first.text());
        return type.find()
                ? declaration(home, visible, first, type.group(1))
                : method(home, visible, group);
    }

    private static Unit declaration(
            String home, List<String> visible, CodeBlock block, String name) {
        Matcher declared = PACKAGE.matcher(block.text());
        String packageName = declared.find() ? declared.group(1) : home;
        String source = head(packageName, visible, List.of(block)) + shown(block);
        return new Unit(packageName + "." + name, List.of(block), source, false);
    }

    private static Unit method(String home, List<String> visible, List<CodeBlock> group) {
        CodeBlock first = group.get(0);
        String name = "Line" + first.line();
        StringBuilder source = new StringBuilder(head(home, visible, group));
        source.append("public final class %s {\n".formatted(name));
        source.append("public static void %s() throws Exception {\n".formatted(METHOD));
        for (String variable : first.directive().given()) {
            source.append(
                    "var %s = %s.%s();\n".formatted(variable, Given.class.getName(), variable));
        }
        group.forEach(block -> source.append(shown(block)));
        source.append("}\n}\n");
        return new Unit(home + "." + name, group, source.toString(), true);
    }

    private static String head(String packageName, List<String> visible, List<CodeBlock> blocks) {
        StringBuilder head = new StringBuilder("package %s;\n".formatted(packageName));
        for (CodeBlock block : blocks) {
            IMPORT.matcher(block.text())
                    .results()
                    .forEach(match -> head.append(match.group()).append('\n'));
        }
        visible.forEach(name -> head.append("import %s.*;\n".formatted(name)));
        return head.toString();
    }

    /** A comment that says where the following lines come from, then the lines. */
    private static String shown(CodeBlock block) {
        String code = IMPORT.matcher(block.text()).replaceAll("");
        return "// %s\n%s".formatted(block.place(), PACKAGE.matcher(code).replaceAll(""));
    }
}
