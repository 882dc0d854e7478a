package org.deepcovid.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module boundaries of docs/architecture.md, checked on the compiled classes. */
class ArchitectureTest {

    /** The other modules' tests come as a jar whose name ends in "-tests.jar". */
    private static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar") && !location.contains("/test-classes/");
        }
    }

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new NoTestJars())
                    .importPackages("org.deepcovid");

    /** A module, and the others that it must not use. */
    @ParameterizedTest
    @CsvSource({
        "core, models eval phantoms onednn cli examples benchmarks",
        "models, eval phantoms onednn cli examples benchmarks",
        "eval, models phantoms onednn cli examples benchmarks",
        "phantoms, models eval onednn cli examples benchmarks",
        "onednn, models eval phantoms cli examples benchmarks",
        "cli, examples benchmarks",
        "examples, benchmarks"
    })
    void modulesUseWhatTheTableAllows(String module, String others) {
        String[] packages =
                Stream.of(others.split(" "))
                        .map(name -> "org.deepcovid." + name + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    @Test
    void dataProvenanceAndMetricsAreFreeOfTensors() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.deepcovid.core.data..",
                        "org.deepcovid.core.provenance..",
                        "org.deepcovid.eval.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.datavec..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "eval", "models"})
    void packagesFormNoCycle(String module) {
        slices().matching("org.deepcovid." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void libraryNeverWritesToTheConsole() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.deepcovid.cli..", "org.deepcovid.examples..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void nothingReadsJavaSerializedObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.deeplearning4j.util.ModelSerializer")
                .check(CLASSES);
    }

    @Test
    void publicExceptionsAreUnchecked() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Exception")
                .and()
                .arePublic()
                .should()
                .beAssignableTo(RuntimeException.class)
                .check(CLASSES);
    }

    @Test
    void inferenceHasFewPublicTypes() {
        assertThat(CLASSES)
                .filteredOn(c -> c.getPackageName().equals("org.deepcovid.core.inference"))
                .filteredOn(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                .filteredOn(c -> c.isTopLevelClass())
                .hasSizeLessThanOrEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.deepcovid.core.training",
                "org.deepcovid.eval.metrics",
                "org.deepcovid.cli"
            })
    void fewClassesDependOnEachOther(String packageName) {
        Map<String, Set<String>> targets = new TreeMap<>();
        for (JavaClass origin : CLASSES) {
            if (origin.getPackageName().startsWith(packageName)) {
                Set<String> of = targets.computeIfAbsent(outer(origin), name -> new TreeSet<>());
                origin.getDirectDependenciesFromSelf()
                        .forEach(dependency -> of.add(outer(dependency.getTargetClass())));
            }
        }
        Set<String> mutual = new TreeSet<>();
        targets.forEach(
                (origin, of) ->
                        of.stream()
                                .filter(target -> !target.equals(origin))
                                .filter(t -> targets.getOrDefault(t, Set.of()).contains(origin))
                                .forEach(mutual::add));
        assertThat(mutual).hasSizeLessThanOrEqualTo(10);
    }

    /** Name of the top-level class; arrays count as their elements. */
    private static String outer(JavaClass type) {
        return type.getBaseComponentType().getName().replaceAll("\\$.*", "");
    }
}
