package org.deepcovid.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles snippets as a user of Java 17 would, against the class path of the tests. */
final class SnippetCompiler {

    private static final class Source extends SimpleJavaFileObject {

        private final Snippets.Unit unit;

        Source(Snippets.Unit unit) {
            super(
                    URI.create("string:///" + unit.className().replace('.', '/') + ".java"),
                    Kind.SOURCE);
            this.unit = unit;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return unit.source();
        }
    }

    private SnippetCompiler() {}

    /** The class path of the running tests. */
    static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /**
     * Compiles all together.
     *
     * @param classes folder for the class files
     * @return what is wrong, with page and line
     */
    static List<String> compile(List<Snippets.Unit> units, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options =
                List.of(
                        "--release",
                        "17",
                        "-proc:none",
                        "-XDignore.symbol.file",
                        "-Xlint:deprecation",
                        "-cp",
                        classPath(),
                        "-d",
                        classes.toString());
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<Source> sources = units.stream().map(Source::new).toList();
            compiler.getTask(null, files, found, options, null, sources).call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> problems = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : found.getDiagnostics()) {
            String message = diagnostic.getMessage(Locale.ROOT);
            if (diagnostic.getSource() instanceof Source source) {
                problems.add(source.unit.place(diagnostic.getLineNumber()) + ": " + message);
            } else if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                problems.add(message);
            }
        }
        return problems;
    }
}
