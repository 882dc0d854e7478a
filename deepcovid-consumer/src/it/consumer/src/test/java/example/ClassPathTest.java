package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.SLF4JServiceProvider;

/** What README's dependencies put on the class path. */
class ClassPathTest {

    private static final List<Path> JARS =
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> entry.endsWith(".jar"))
                    .map(Path::of)
                    .toList();

    @Test
    void modulesHaveTheirStableNames() throws IOException {
        assertEquals("org.deepcovid.core", moduleName("deepcovid-core"));
        assertEquals("org.deepcovid.models", moduleName("deepcovid-models"));
    }

    /** The name stands in the manifest, so a renamed jar keeps it. */
    private static String moduleName(String artifact) throws IOException {
        Path file = jar(artifact);
        try (JarFile jar = new JarFile(file.toFile())) {
            String name = jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
            assertEquals(name, descriptor(file).name());
            return name;
        }
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    }

    @Test
    void modulesShareNoPackage() {
        Set<String> shared = new HashSet<>(descriptor(jar("deepcovid-core")).packages());
        shared.retainAll(descriptor(jar("deepcovid-models")).packages());

        assertEquals(Set.of(), shared);
    }

    /** The stand-in that DL4J looks up by name is why the jars belong on the class path. */
    @Test
    void onlyTheStandInSharesAPackageWithOthers() throws IOException {
        Set<String> own = new TreeSet<>(descriptor(jar("deepcovid-core")).packages());
        own.addAll(descriptor(jar("deepcovid-models")).packages());
        Set<String> others = new HashSet<>();
        for (Path file : JARS) {
            if (!file.getFileName().toString().startsWith("deepcovid-")) {
                others.addAll(packages(file));
            }
        }
        own.retainAll(others);

        assertEquals(Set.of("org.nd4j.nativeblas"), own);
    }

    private static Set<String> packages(Path file) throws IOException {
        Set<String> packages = new HashSet<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && name.contains("/"))
                    .forEach(
                            name ->
                                    packages.add(
                                            name.substring(0, name.lastIndexOf('/'))
                                                    .replace('/', '.')));
        }
        return packages;
    }

    @Test
    void noLoggerIsBound() {
        assertFalse(ServiceLoader.load(SLF4JServiceProvider.class).iterator().hasNext());
    }

    @Test
    void exclusionsAndVersionsOfTheBomReachTheConsumer() {
        for (String unwanted :
                List.of("oshi", "jna", "fastutil", "commons-net", "threetenbp", "freemarker")) {
            assertTrue(JARS.stream().noneMatch(jar -> named(jar, unwanted)), unwanted);
        }
        assertTrue(named(jar("commons-io"), "commons-io-2.22.0"));
        assertTrue(named(jar("commons-compress"), "commons-compress-1.28.0"));
    }

    /** The Java half, and one jar of natives. */
    @Test
    void oneNativeLibraryOfNd4jIsThere() {
        List<String> halves =
                JARS.stream()
                        .map(jar -> jar.getFileName().toString())
                        .filter(name -> name.startsWith("nd4j-native-1"))
                        .sorted()
                        .toList();

        assertEquals(2, halves.size(), halves::toString);
    }

    private static boolean named(Path jar, String start) {
        return jar.getFileName().toString().startsWith(start);
    }

    private static Path jar(String artifact) {
        List<Path> found = JARS.stream().filter(jar -> named(jar, artifact + "-")).toList();
        assertEquals(1, found.size(), () -> artifact + " in " + JARS);
        return found.get(0);
    }
}
