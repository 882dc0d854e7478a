package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.testing.Failures.assertRejects;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepcovid.core.inference.PlanNode.AveragePool.Divisor;
import org.deepcovid.core.inference.PlanNode.BatchNorm.Spread;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deepcovid.core.inference.Window.Extent;
import org.deepcovid.core.inference.Window.Padding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPlanTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Extent ONE = new Extent(1, 1);
    private static final Window THREE =
            new Window(new Extent(3, 3), new Extent(2, 2), ONE, new Padding(1, 1, 1, 1));

    /** A plan with every kind of node, for images [3, 9, 9]. */
    private static List<PlanNode> nodes() {
        List<PlanNode> nodes = new ArrayList<>();
        nodes.add(
                new PlanNode.Convolution(
                        "conv", List.of("images"), 4, THREE, Bias.ADDED, Nonlinearity.RELU));
        nodes.add(norm("norm", "conv", 1e-3));
        nodes.add(new PlanNode.Activation("relu", List.of("norm"), Nonlinearity.RELU));
        nodes.add(new PlanNode.Add("sum", List.of("relu", "conv")));
        nodes.add(new PlanNode.Concat("both", List.of("sum", "relu", "conv")));
        nodes.add(new PlanNode.ZeroPadding("pad", List.of("both"), new Padding(0, 1, 2, 3)));
        nodes.add(new PlanNode.MaxPool("max", List.of("pad"), THREE));
        nodes.add(new PlanNode.AveragePool("map", List.of("max"), THREE, Divisor.ALL_ELEMENTS));
        nodes.add(new PlanNode.GlobalAverage("features", List.of("map")));
        nodes.add(
                new PlanNode.Dense(
                        "logits", List.of("features"), 5, Bias.NONE, Nonlinearity.IDENTITY));
        return nodes;
    }

    private static PlanNode norm(String name, String input, double epsilon) {
        return new PlanNode.BatchNorm(name, List.of(input), epsilon, Spread.VARIANCE);
    }

    private static NetworkPlan plan(List<PlanNode> nodes) {
        return new NetworkPlan(
                "images",
                ActivationShape.map(3, 9, 9),
                nodes,
                Map.of(
                        NetworkOutput.FEATURE_MAP, "map",
                        NetworkOutput.FEATURES, "features",
                        NetworkOutput.LOGITS, "logits"));
    }

    @Test
    void knowsTheShapeOfEveryActivation() {
        Map<String, ActivationShape> shapes = plan(nodes()).shapes();
        assertThat(shapes.keySet()).first().isEqualTo("images");
        assertThat(shapes.get("conv").extents()).containsExactly(4, 5, 5);
        assertThat(shapes.get("both").extents()).containsExactly(12, 5, 5);
        assertThat(shapes.get("pad").extents()).containsExactly(12, 7, 9);
        assertThat(shapes.get("max").extents()).containsExactly(12, 4, 5);
        assertThat(shapes.get("map").extents()).containsExactly(12, 2, 3);
        assertThat(shapes.get("features").extents()).containsExactly(12);
        assertThat(shapes.get("logits").extents()).containsExactly(5);
    }

    @Test
    void listsTheParametersWithTheirShapes() {
        assertThat(plan(nodes()).parameters())
                .containsExactly(
                        Map.entry("conv/W", List.of(4, 3, 3, 3)),
                        Map.entry("conv/b", List.of(4)),
                        Map.entry("norm/gamma", List.of(4)),
                        Map.entry("norm/beta", List.of(4)),
                        Map.entry("norm/mean", List.of(4)),
                        Map.entry("norm/var", List.of(4)),
                        Map.entry("logits/W", List.of(12, 5)));
    }

    @Test
    void jsonKeepsEveryKindOfNode() throws Exception {
        NetworkPlan plan = plan(nodes());
        String json = JSON.writeValueAsString(plan);
        assertThat(JSON.readValue(json, NetworkPlan.class)).isEqualTo(plan);
        assertThat(json).doesNotContain("org.deepcovid").hasSizeLessThan(3000);
        Set<Class<?>> kinds = new HashSet<>();
        plan.nodes().forEach(node -> kinds.add(node.getClass()));
        assertThat(kinds).containsExactlyInAnyOrder(PlanNode.class.getPermittedSubclasses());
    }

    @Test
    void jsonThatWasTamperedWithIsRefused() throws Exception {
        String json = JSON.writeValueAsString(plan(nodes()));
        String file = json.replace("\"kind\":\"add\"", "\"kind\":\"java.io.File\"");
        assertThatThrownBy(() -> JSON.readValue(file, NetworkPlan.class))
                .hasMessageContaining("java.io.File");
        String huge = json.replace("\"channels\":4", "\"channels\":999999999");
        assertThatThrownBy(() -> JSON.readValue(huge, NetworkPlan.class))
                .hasMessageContaining("at most 2^28 values");
    }

    @Test
    void reducingDropsWhatIsNotNeeded() {
        NetworkPlan reduced = plan(nodes()).reducedTo(Set.of(NetworkOutput.FEATURE_MAP));
        assertThat(reduced.nodes()).isEqualTo(nodes().subList(0, 8));
        assertThat(reduced.outputs()).containsOnlyKeys(NetworkOutput.FEATURE_MAP);
        assertThat(reduced.parameters()).doesNotContainKey("logits/W");
        assertRejects(() -> reduced.reducedTo(Set.of(NetworkOutput.LOGITS)))
                .hasMessage("requested outputs [LOGITS]; this network has [FEATURE_MAP]");
        assertRejects(() -> reduced.reducedTo(Set.of()), "without outputs");
    }

    @Test
    void nodesThatDoNotFitTogetherAreNamed() {
        assertRefused(
                new PlanNode.Activation("x", List.of("later"), Nonlinearity.RELU),
                "input of node 'x' is 'later'; expected an earlier node");
        assertRefused(
                new PlanNode.Activation("conv", List.of("images"), Nonlinearity.RELU),
                "two activations named 'conv'");
        assertRefused(
                new PlanNode.Add("x", List.of("images", "logits")),
                "node 'x' adds [3, 9, 9] and [5]; expected equal shapes");
        assertRefused(
                new PlanNode.Concat("x", List.of("images", "map")),
                "expected equal heights and widths");
        assertRefused(
                new PlanNode.GlobalAverage("x", List.of("features")),
                "input of node 'x' is [12]; expected a map");
        assertRefused(
                new PlanNode.ZeroPadding("x", List.of("features"), Padding.NONE), "expected a map");
        assertRefused(
                new PlanNode.Dense("x", List.of("map"), 2, Bias.NONE, Nonlinearity.RELU),
                "input of node 'x' is [12, 2, 3]; expected a vector");
        assertRefused(
                new PlanNode.MaxPool(
                        "x", List.of("map"), new Window(new Extent(3, 4), ONE, ONE, Padding.NONE)),
                "a window of 3 x 4 slides over a padded map of 2 x 3");
        assertRefused(
                new PlanNode.MaxPool("x", List.of("features"), THREE), "a window slides over [12]");
    }

    private static void assertRefused(PlanNode added, String message) {
        List<PlanNode> nodes = nodes();
        nodes.add(added);
        assertRejects(() -> plan(nodes), message);
    }

    @Test
    void outputsMustExistAndHaveTheirShape() {
        for (Map<NetworkOutput, String> outputs :
                List.of(
                        Map.of(NetworkOutput.FEATURES, "nowhere"),
                        Map.of(NetworkOutput.FEATURES, "map"),
                        Map.of(NetworkOutput.FEATURE_MAP, "features"))) {
            assertRejects(
                            () ->
                                    new NetworkPlan(
                                            "images",
                                            ActivationShape.map(3, 9, 9),
                                            nodes(),
                                            outputs))
                    .hasMessageStartingWith("output " + outputs.keySet().iterator().next());
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 3, 1, 3", "3, 3, 1, 4", "2, 5, 2, 3"})
    void paddingAsLargeAsTheDilatedKernelIsRefused(
            int height, int width, int dilation, int padding) {
        assertRejects(
                () ->
                        new Window(
                                new Extent(height, width),
                                ONE,
                                new Extent(dilation, dilation),
                                new Padding(padding, 0, 0, 0)),
                "expected less than the dilated kernel");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        () -> new Extent(0, 1),
                        () -> new Extent(1, 40_000),
                        () -> new Padding(0, -1, 0, 0),
                        () -> new Padding(0, 0, 0, 40_000),
                        () -> ActivationShape.map(1, 0, 1),
                        () -> ActivationShape.map(65_536, 65_536, 65_536),
                        () -> norm("x", "y", Double.NaN))) {
            assertRejects(call);
        }
        assertRejects(() -> new ActivationShape(List.of(3, 4)), "[3, 4]");
        assertRejects(() -> new PlanNode.Add("x", List.of("y")))
                .hasMessage("node 'x' has inputs [y]; expected two or more");
        assertRejects(() -> new PlanNode.GlobalAverage("x", List.of("y", "z")), "expected one");
        assertRejects(
                () ->
                        new PlanNode.AveragePool(
                                "x",
                                List.of("y"),
                                new Window(ONE, ONE, new Extent(2, 1), Padding.NONE),
                                Divisor.ALL_ELEMENTS),
                "average pooling 'x' has dilation");
    }
}
