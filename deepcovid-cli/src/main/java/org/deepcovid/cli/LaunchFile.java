package org.deepcovid.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes the file of arguments that the launchers hand to {@code java}: class paths are longer than
 * some shells allow. Needs no other class.
 */
final class LaunchFile {

    private LaunchFile() {}

    /**
     * Writes {@code deepcovid-examples/target/launch.args}.
     *
     * @param args the project's folder
     * @throws IOException if the class path cannot be read, or the file cannot be written
     */
    public static void main(String... args) throws IOException {
        Path target =
                Path.of(args[0]).toAbsolutePath().normalize().resolve("deepcovid-examples/target");
        String libraries = Files.readString(target.resolve("runtime-classpath.txt")).strip();
        Path file = target.resolve("launch.args");
        Path temporary = Files.createTempFile(target, "launch", ".tmp");
        Files.writeString(
                temporary,
                text(target.resolve("classes") + File.pathSeparator + libraries),
                Charset.forName(System.getProperty("native.encoding", "UTF-8")));
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Within quotes a backslash escapes; newer JDKs ask for leave to load natives. */
    static String text(String classPath) {
        return "--enable-native-access=ALL-UNNAMED%n-cp \"%s\"%n"
                .formatted(classPath.replace("\\", "\\\\"));
    }
}
