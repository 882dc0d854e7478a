package org.deepcovid.models.weights;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The network of the files that {@code golden/make_tiny_weights.py} writes. */
final class TinyNetwork {

    static final List<String> LAYERS = List.of("conv_a", "norm_a", "top");
    static final LayerNaming KERAS =
            new LayerNaming("tiny Keras", Layout.KERAS, UnaryOperator.identity());
    static final LayerNaming TORCH =
            new LayerNaming("tiny PyTorch", Layout.TORCH, UnaryOperator.identity());

    private TinyNetwork() {}

    static Path resource(String name) {
        try {
            return Path.of(TinyNetwork.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static PretrainedWeights open(Path file) {
        return PretrainedWeights.open("tiny", WeightsFile.of(file), LAYERS, List.of(KERAS, TORCH));
    }

    /** Opens a file and fills a new graph. */
    static ComputationGraph load(Path file) {
        ComputationGraph graph = graph();
        open(file).fill(graph);
        return graph;
    }

    static ComputationGraph graph() {
        DeepCovidRuntime.initialise();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .activation(Activation.IDENTITY)
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(8, 8, 3));
        builder.addLayer("conv_a", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "images");
        builder.addLayer(
                "norm_a", new BatchNormalization.Builder().useLogStd(false).build(), "conv_a");
        builder.addLayer(
                "features", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "norm_a");
        builder.addLayer("top", new DenseLayer.Builder().nOut(4).build(), "features");
        ComputationGraph graph = new ComputationGraph(builder.setOutputs("top").build());
        graph.init();
        return graph;
    }

    /** What the graph holds after loading: value number i of the file is i / 8. */
    static double expected(String layer, String parameter, long... at) {
        long number =
                switch (layer + "/" + parameter) {
                    case "conv_a/W" -> ((at[2] * 3 + at[3]) * 3 + at[1]) * 2 + at[0];
                    case "conv_a/b" -> 54 + at[0];
                    case "norm_a/gamma" -> 56 + at[at.length - 1];
                    case "norm_a/beta" -> 58 + at[at.length - 1];
                    case "norm_a/mean" -> 60 + at[at.length - 1];
                    case "norm_a/var" -> 62 + at[at.length - 1];
                    case "top/W" -> 64 + at[0] * 4 + at[1];
                    case "top/b" -> 72 + at[at.length - 1];
                    default -> throw new IllegalArgumentException(layer + "/" + parameter);
                };
        return number / 8.0;
    }

    /** Every parameter of the three layers with its names. */
    static void forEach(ComputationGraph graph, Visitor visitor) {
        for (String layer : LAYERS) {
            graph.getLayer(layer)
                    .paramTable(false)
                    .forEach((parameter, array) -> visitor.visit(layer, parameter, array));
        }
    }

    /** Takes one parameter. */
    interface Visitor {
        void visit(String layer, String parameter, INDArray array);
    }
}
