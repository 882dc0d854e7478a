package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher scripts in a built checkout whose only library is a jar that names the test's own.
 */
class LauncherTest {

    private static final Path ROOT =
            Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."))
                    .toAbsolutePath()
                    .normalize();

    @TempDir Path folder;
    private Path checkout;

    /** A run of the launcher. */
    private record Run(int code, String text) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        checkout = Files.createDirectories(folder.resolve("a checkout \u00fc"));
        Path distribution = checkout.resolve("deepcovid-cli/target/distribution/deepcovid");
        copy(ROOT.resolve("deepcovid"), checkout.resolve("deepcovid"));
        copy(
                ROOT.resolve("deepcovid-cli/src/main/launcher/deepcovid"),
                distribution.resolve("bin/deepcovid"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        String classPath =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" "));
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        Path jar = distribution.resolve("lib/all.jar");
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
        assertThat(to.toFile().setExecutable(true)).isTrue();
    }

    private Run run(Path launcher, Map<String, String> environment, String... words)
            throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path printed = folder.resolve("printed.txt");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(Stream.of(launcher.toString()), Stream.of(words))
                                        .toList())
                        .directory(elsewhere.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Run(code, Files.readString(printed));
    }

    private void assertRuns(Path launcher, Map<String, String> environment) throws Exception {
        Run run = run(launcher, environment, "--version");
        assertThat(run.code()).as(run.text()).isZero();
        assertThat(run.text()).startsWith("deepcovid ").doesNotContain("WARNING");
    }

    @Test
    void runsThroughSymbolicLinksAlsoRelativeOnes() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path absolute =
                Files.createSymbolicLink(bin.resolve("first"), checkout.resolve("deepcovid"));
        Path relative = Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));
        assertRuns(absolute, Map.of());
        assertRuns(relative, Map.of());
    }

    @Test
    void aMovedCheckoutRunsItsOwnClasses() throws Exception {
        Path moved = Files.move(checkout, folder.resolve("moved"));
        assertRuns(moved.resolve("deepcovid"), Map.of());
        Path lib = moved.resolve("deepcovid-cli/target/distribution/deepcovid/lib/all.jar");
        Files.delete(lib);
        assertThat(run(moved.resolve("deepcovid"), Map.of(), "--version").code()).isNotZero();
    }

    @Test
    void runsInTheCLocaleFromAFolderWhoseNameIsNotAscii() throws Exception {
        assertRuns(checkout.resolve("deepcovid"), Map.of("LC_ALL", "C"));
    }

    @Test
    void writesNothingSoThatAnotherUserCanRunIt() throws Exception {
        List<Path> before = files();
        assertRuns(checkout.resolve("deepcovid"), Map.of());
        assertThat(files()).isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(checkout)) {
            return files.sorted().toList();
        }
    }

    @Test
    void passesArgumentsJavaOptionsAndExitCodesOn() throws Exception {
        Run wrong = run(checkout.resolve("deepcovid"), Map.of(), "no such command");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.text()).contains("'no such command'");
        Run option =
                run(
                        checkout.resolve("deepcovid"),
                        Map.of("JAVA_OPTS", "-showversion -Dx=y"),
                        "--version");
        assertThat(option.text()).contains("Runtime Environment", "deepcovid ");
        Run none = run(checkout.resolve("deepcovid"), Map.of("JAVA_HOME", folder.toString()));
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.text()).contains("install a JDK 17 or newer");
    }
}
