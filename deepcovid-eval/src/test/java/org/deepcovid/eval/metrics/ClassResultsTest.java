package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.Golden.assertClose;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassResultsTest {

    private static final List<String> NAMES = List.of("normal", "pneumonia", "covid");
    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1).withReplicates(200);

    static Stream<Named<JsonNode>> cases() {
        return Golden.cases("classes/classes.json");
    }

    private static ClassScores scores(JsonNode node) {
        double[][] rows = new double[node.get("scores").size()][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Golden.numbers(node.get("scores").get(row));
        }
        int[] truth =
                IntStream.range(0, rows.length).map(r -> node.at("/truth/" + r).asInt()).toArray();
        List<String> names =
                IntStream.range(0, rows[0].length).mapToObj(c -> "class " + c).toList();
        return ClassScores.of(names, truth, rows);
    }

    private static ClassScores scores(int[] truth, double[]... rows) {
        return ClassScores.of(NAMES, truth, rows);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithScikitLearn(JsonNode expected) {
        ClassResults found = ClassResults.of(scores(expected));

        for (int row = 0; row < found.classes().size(); row++) {
            assertThat(found.confusion().counts().get(row))
                    .containsExactlyElementsOf(
                            IntStream.of(ints(expected.at("/confusion/" + row))).boxed().toList());
        }
        for (Measure measure : Measure.values()) {
            assertClose(found.classes(), c -> measure.of(c).orElse(0), expected, measure.name());
            for (Average average : Average.values()) {
                assertClose(
                        found.average(average, measure),
                        expected.get(average.name()),
                        measure.name(),
                        1e-12);
            }
        }
        assertClose(found.confusion().accuracy().estimate(), expected, "accuracy", 1e-12);
        assertClose(found.confusion().balancedAccuracy(), expected, "balancedAccuracy", 1e-12);
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    /** Two classes, each case a cluster: the same draws, so the same intervals to the last bit. */
    @Test
    void intervalsOfTwoClassesAreThoseOfTheBinaryMetrics() {
        ClassScores scores =
                scores(Golden.cases("classes/classes.json").toList().get(4).getPayload());
        ScoredLabels binary = scores.oneVersusRest(1);
        Clusters clusters =
                Clusters.byName(IntStream.range(0, 65).mapToObj(row -> "p" + row / 2).toList());

        List<Optional<Bootstrap.Estimate>> found =
                BOOTSTRAP.estimates(
                        List.of(
                                results -> Measure.AUC.of(results.classes().get(1)),
                                results -> Measure.RECALL.of(results.classes().get(1)),
                                results -> OptionalDouble.empty()),
                        scores,
                        clusters);

        assertThat(found)
                .containsExactly(
                        BOOTSTRAP.estimate(Metric.auc(), binary, clusters),
                        BOOTSTRAP.estimate(Metric.sensitivityAt(0.5), binary, clusters),
                        Optional.empty());
    }

    @Test
    void replicatesKeepEveryClassAndDrawWholePatients() {
        ClassScores scores =
                scores(
                        new int[] {0, 0, 1, 1, 2, 2},
                        new double[] {0.6, 0.3, 0.1},
                        new double[] {0.5, 0.2, 0.3},
                        new double[] {0.1, 0.7, 0.2},
                        new double[] {0.6, 0.3, 0.1},
                        new double[] {0.2, 0.2, 0.6},
                        new double[] {0.1, 0.1, 0.8});
        Clusters patients = Clusters.byName(List.of("a", "b", "c", "c", "d", "e"));
        Function<ClassResults, OptionalDouble> right =
                results -> OptionalDouble.of(results.confusion().accuracy().successes());
        Function<ClassResults, OptionalDouble> recall =
                results -> Measure.RECALL.of(results.classes().get(1));

        List<Optional<Bootstrap.Estimate>> found =
                BOOTSTRAP.estimates(List.of(right, recall), scores, patients);

        assertThat(found.get(0).orElseThrow().standardError()).isZero();
        assertThat(found.get(1).orElseThrow().value()).isEqualTo(0.5);
        assertThat(found.get(1).orElseThrow().undefinedReplicates()).isZero();
        assertThat(found.get(1).orElseThrow().standardError()).isZero();
    }

    @Test
    void classesWithoutCasesAreLeftOutOfTheAverages() {
        ClassResults found =
                ClassResults.of(
                        scores(
                                new int[] {0, 0, 2},
                                new double[] {0.6, 0.3, 0.1},
                                new double[] {0.1, 0.7, 0.2},
                                new double[] {0.2, 0.2, 0.6}));

        assertThat(found.classes().get(1).roc()).isEmpty();
        assertThat(found.classes().get(1).precisionRecall()).isEmpty();
        assertThat(found.confusion().rowShare(1, 1)).isEmpty();
        assertThat(found.confusion().rowShare(0, 1)).contains(Proportion.of(1, 2));
        assertThat(found.average(Average.MACRO, Measure.RECALL)).isEqualTo(0.75);
        assertThat(found.average(Average.WEIGHTED, Measure.RECALL))
                .isCloseTo(2 / 3.0, within(1e-15));
        assertThat(found.confusion().balancedAccuracy()).isEqualTo(0.75);
    }

    @Test
    void ofEqualProbabilitiesTheFirstClassIsPredicted() {
        ClassScores scores = scores(new int[] {1}, new double[] {0.2, 0.4, 0.4});

        assertThat(scores.predicted(0)).isEqualTo(1);
        assertRefusedNaming(() -> ClassResults.of(scores), "all 1 cases are of one class");
    }

    @Test
    void refusesColumnsThatDoNotFit() {
        double[] row = {0.2, 0.3, 0.5};
        assertRefusedNaming(() -> scores(new int[] {0, 1}, row), "2 labels and 1 rows");
        assertRefusedNaming(() -> scores(new int[] {3}, row), "row 0 is of class 3", "0 to 2");
        assertRefusedNaming(
                () -> scores(new int[] {0, 0}, row, new double[] {0.5, 0.5}),
                "row 1 has the probabilities [0.5, 0.5]; expected 3");
        assertRefusedNaming(
                () -> scores(new int[] {0}, new double[] {2, -1, 0}), "in [0, 1] (logits?)");
        assertRefusedNaming(
                () -> ClassScores.of(List.of("a", "a"), new int[] {0}, new double[][] {{1, 0}}),
                "two or more different names");
        assertRefusedNaming(
                () -> new ConfusionTable(List.of("a", "b"), List.of(List.of(1, 2))),
                "expected 2 rows and columns");
    }
}
