package org.deepcovid.core.inference;

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
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small graphs with random parameters. */
final class TestGraphs {

    private TestGraphs() {}

    /**
     * A graph whose input is "images" [N, 3, size, size]; the trunk adds vertices up to "map", and
     * "features" is its global average.
     */
    static ComputationGraph graph(int size, Consumer<GraphBuilder> trunk, String... outputs) {
        DeepCovidRuntime.initialise();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(3)
                        .activation(Activation.IDENTITY)
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(size, size, 3));
        trunk.accept(builder);
        builder.addLayer("features", new GlobalPoolingLayer(PoolingType.AVG), "map");
        builder.setOutputs(outputs.length == 0 ? new String[] {"features"} : outputs);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        randomise(graph);
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

    static Backbone backbone(ComputationGraph graph, int size) {
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
    static float[] images(int batch, int size, long seed) {
        Random random = new Random(seed);
        float[] images = new float[batch * 3 * size * size];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return images;
    }

    static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
