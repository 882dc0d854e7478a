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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void seesAllModules() {
        for (String module :
                new String[] {"core", "models", "eval", "phantoms", "cli", "examples"}) {
            assertThat(CLASSES.stream().map(c -> c.getPackageName()))
                    .as(module)
                    .anyMatch(name -> name.startsWith("org.deepcovid." + module));
        }
    }

    @Test
    void coreKnowsNoArchitectureAndNoMetric() {
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.deepcovid.models..",
                        "org.deepcovid.eval..",
                        "org.deepcovid.phantoms..",
                        "org.deepcovid.cli..",
                        "org.deepcovid.examples..")
                .check(CLASSES);
    }

    @Test
    void modelsAndEvalDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid.models..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.deepcovid.eval..",
                        "org.deepcovid.phantoms..",
                        "org.deepcovid.cli..",
                        "org.deepcovid.examples..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid.eval..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.deepcovid.models..",
                        "org.deepcovid.phantoms..",
                        "org.deepcovid.cli..",
                        "org.deepcovid.examples..")
                .check(CLASSES);
    }

    @Test
    void phantomsKnowNoNetworkAndNoMetricAndTheCommandLineNoExample() {
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid.phantoms..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.deepcovid.models..",
                        "org.deepcovid.eval..",
                        "org.deepcovid.cli..",
                        "org.deepcovid.examples..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.deepcovid.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.deepcovid.examples..")
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

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.deepcovid.core.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.deepcovid.eval.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.deepcovid.models.(*)..").should().beFreeOfCycles().check(CLASSES);
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
                .hasSizeLessThanOrEqualTo(9);
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
