package org.deepcovid.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The example mains, by class name. */
final class ExampleMains {

    private static final String PACKAGE = "org.deepcovid.examples";

    private ExampleMains() {}

    /** Whether a word can only be meant as the name of a main: commands are in lower case. */
    static boolean isName(String word) {
        return !word.isEmpty() && Character.isUpperCase(word.charAt(0));
    }

    /** Runs the main named by the first word with the others. */
    static void run(String... args) {
        Optional<Method> main = find(args[0]);
        if (main.isEmpty()) {
            System.err.printf(
                    "error: there is no example main '%s'; expected one of %s, or a command (see:"
                            + " deepcovid --help)%n",
                    args[0], String.join(", ", names()));
            System.exit(ExitCode.USAGE);
        }
        try {
            main.get().invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(args[0] + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(args[0] + " cannot be run", e);
        }
    }

    private static Optional<Method> find(String name) {
        try {
            return Optional.of(
                    Class.forName(PACKAGE + "." + name).getMethod("main", String[].class));
        } catch (ClassNotFoundException | NoSuchMethodException | NoClassDefFoundError e) {
            return Optional.empty(); // on some systems file names do not tell case apart
        }
    }

    /** Names of the mains there are, sorted. */
    static List<String> names() {
        try {
            URI place =
                    ExampleMains.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path root = Path.of(place);
            if (Files.isDirectory(root)) {
                return names(root);
            }
            try (FileSystem jar = FileSystems.newFileSystem(root)) {
                return names(jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the examples are at no usable place", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the examples cannot be listed", e);
        }
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PACKAGE.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(name -> find(name).isPresent())
                    .sorted()
                    .toList();
        }
    }
}
