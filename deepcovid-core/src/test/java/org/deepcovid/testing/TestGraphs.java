package org.deepcovid.testing;

import java.util.Random;
import java.util.function.Consumer;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/** Small graphs with random parameters. */
public final class TestGraphs {

    private TestGraphs() {}

    /**
     * A graph whose input is "images" [N, 3, size, size]; the trunk adds vertices up to "map", and
     * "features" is its global average.
     */
    public static ComputationGraph graph(
            int size, Consumer<GraphBuilder> trunk, String... outputs) {
        String[] ends = outputs.length == 0 ? new String[] {"features"} : outputs;
        GlobalPoolingLayer mean = new GlobalPoolingLayer(PoolingType.AVG);
        Consumer<GraphBuilder> whole =
                trunk.andThen(g -> g.addLayer("features", mean, "map").setOutputs(ends));
        ComputationGraph graph = graph(InputType.convolutional(size, size, 3), whole);
        randomise(graph);
        return graph;
    }

    /** A graph of the given vertices alone, whose input is "images". */
    public static ComputationGraph graph(InputType images, Consumer<GraphBuilder> vertices) {
        DeepCovidRuntime.initialise();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .activation(Activation.IDENTITY)
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(images);
        vertices.accept(builder);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    /** Biases and batch-normalisation statistics, which start at 0 and 1, get values too. */
    private static void randomise(ComputationGraph graph) {
        Random random = new Random(5);
        graph.paramTable()
                .forEach(
                        (name, values) -> {
                            if (!name.endsWith("_W")) {
                                boolean positive = name.endsWith("_var");
                                for (int i = 0; i < values.length(); i++) {
                                    double value = random.nextGaussian() * 0.3;
                                    values.putScalar(i, positive ? 0.5 + Math.abs(value) : value);
                                }
                            }
                        });
    }

    /** The spec follows from the graph. */
    public static Backbone backbone(ComputationGraph graph, int size) {
        InputType.InputTypeConvolutional map =
                (InputType.InputTypeConvolutional)
                        graph.getConfiguration()
                                .getLayerActivationTypes(
                                        false, InputType.convolutional(size, size, 3))
                                .get("map");
        return GraphBackbone.of(
                new BackboneSpec(
                        "tiny",
                        "test",
                        new BackboneSpec.Input(size, Normalization.TORCH),
                        new BackboneSpec.Features(
                                (int) map.getChannels(), (int) map.getHeight(), "map"),
                        0,
                        new BackboneSpec.Source("none", "none")),
                new WeightsOrigin("seed", "0".repeat(64), false),
                graph);
    }

    /** Values around zero, like normalised pixels. */
    public static float[] images(int batch, int size, long seed) {
        Random random = new Random(seed);
        float[] images = new float[batch * 3 * size * size];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return images;
    }
}
