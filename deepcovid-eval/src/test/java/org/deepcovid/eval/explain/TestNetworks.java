package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small networks with all layer types of the four large ones, and heatmaps of given values. */
final class TestNetworks {

    static final int SIZE = 36;
    static final List<String> LABELS = List.of("non", "covid");

    private TestNetworks() {}

    /**
     * Convolutions, batch normalisation with statistics that differ from the batch's, a shortcut, a
     * concatenation, max and average pooling, and a pre-training head; layer {@code input} gives
     * the input itself.
     */
    static Backbone mixed(long seed) {
        DeepCovidRuntime.initialise();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .weightInit(WeightInit.RELU)
                        .activation(Activation.IDENTITY)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(SIZE, SIZE, 3));
        builder.addLayer("input", activation(Activation.IDENTITY), "images")
                .addLayer("conv1", conv(6, 3, 1, 1), "input")
                .addLayer("bn1", norm(), "conv1")
                .addLayer("relu1", activation(Activation.RELU), "bn1")
                .addLayer("pool1", pool(SubsamplingLayer.PoolingType.MAX, 3, 2, 1), "relu1")
                .addLayer("conv2", conv(6, 3, 1, 1), "pool1")
                .addLayer("bn2", norm(), "conv2")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn2", "pool1")
                .addLayer("relu2", activation(Activation.RELU), "sum")
                .addLayer("left", conv(4, 1, 1, 0), "relu2")
                .addLayer("right", conv(5, 3, 1, 1), "relu2")
                .addVertex("join", new MergeVertex(), "left", "right")
                .addLayer("bn3", norm(), "join")
                .addLayer("pool2", pool(SubsamplingLayer.PoolingType.AVG, 2, 2, 0), "bn3")
                .addLayer("map", activation(Activation.RELU), "pool2")
                .addLayer(Backbone.FEATURES, new GlobalPoolingLayer(PoolingType.AVG), "map")
                .addLayer(
                        Backbone.LOGITS,
                        new DenseLayer.Builder().nOut(3).activation(Activation.IDENTITY).build(),
                        Backbone.FEATURES)
                .setOutputs(Backbone.FEATURES, Backbone.LOGITS);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        spreadStatistics(graph, seed);
        return backbone(graph, "mixed", Normalization.TORCH, SIZE, 9, 9);
    }

    private static Backbone backbone(
            ComputationGraph graph,
            String name,
            Normalization normalization,
            int size,
            int channels,
            int mapSize) {
        BackboneSpec spec =
                new BackboneSpec(
                        name,
                        "test",
                        new BackboneSpec.Input(size, normalization),
                        new BackboneSpec.Features(channels, mapSize, "map"),
                        1e-3,
                        new BackboneSpec.Source("none", "none"));
        return GraphBackbone.of(spec, new WeightsOrigin(name, "0".repeat(64), false), graph);
    }

    private static void spreadStatistics(ComputationGraph graph, long seed) {
        Random random = new Random(seed);
        for (String layer : List.of("bn1", "bn2", "bn3")) {
            for (String parameter : List.of("gamma", "beta", "mean", "var")) {
                INDArray values = graph.getLayer(layer).getParam(parameter);
                for (int i = 0; i < values.length(); i++) {
                    double value = random.nextGaussian() * 0.3;
                    boolean positive = parameter.equals("gamma") || parameter.equals("var");
                    values.putScalar(i, positive ? 1 + Math.abs(value) : value);
                }
            }
        }
    }

    private static ConvolutionLayer conv(int channels, int kernel, int stride, int padding) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .nOut(channels)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build();
    }

    private static ActivationLayer activation(Activation activation) {
        return new ActivationLayer.Builder().activation(activation).build();
    }

    private static SubsamplingLayer pool(
            SubsamplingLayer.PoolingType type, int kernel, int stride, int padding) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .build();
    }

    /** One channel per colour, averaged over 4 x 4 blocks: the feature map is brightness itself. */
    static Backbone brightness(int size) {
        DeepCovidRuntime.initialise();
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("images")
                        .setInputTypes(InputType.convolutional(size, size, 3))
                        .addLayer("map", pool(SubsamplingLayer.PoolingType.AVG, 4, 4, 0), "images")
                        .addLayer(Backbone.FEATURES, new GlobalPoolingLayer(PoolingType.AVG), "map")
                        .setOutputs(Backbone.FEATURES);
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        Normalization plain =
                new Normalization(
                        Normalization.ChannelOrder.RGB,
                        1.0 / 255,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0));
        return backbone(graph, "brightness", plain, size, 3, size / 4);
    }

    /** Brighter images are more likely covid. */
    static ExplainedModel brightnessModel(int size) {
        return ExplainedModel.of(
                brightness(size),
                new LinearHead(new float[] {0, 0, 0, 4, 4, 4}, new float[] {1, 0}),
                LABELS);
    }

    static ExplainedModel mixedModel(long seed) {
        Random random = new Random(seed);
        float[] weights = new float[18];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        return ExplainedModel.of(
                mixed(seed), new LinearHead(weights, new float[] {0.1f, -0.1f}), LABELS);
    }

    /** Random colours, smooth enough to survive resizing. */
    static RasterImage image(int width, int height, long seed) {
        Random random = new Random(seed);
        double[] phase = random.doubles(9, 0, 6).toArray();
        byte[] samples = new byte[width * height * 3];
        for (int i = 0; i < samples.length; i++) {
            int c = i % 3;
            int x = i / 3 % width;
            int y = i / 3 / width;
            double wave =
                    Math.sin(x * 0.35 + phase[c])
                            + Math.sin(y * 0.27 + phase[3 + c])
                            + Math.sin((x + y) * 0.5 + phase[6 + c]);
            samples[i] = (byte) (127 + 35 * wave + random.nextInt(12));
        }
        return RasterImage.of(width, height, 3, samples);
    }

    /** A bright square of 16 x 16 pixels on black. */
    static RasterImage square(int width, int height, int left, int top) {
        return rectangle(width, height, left, top, 16);
    }

    /** A bright rectangle, {@code wide} x 16 pixels, on black. */
    static RasterImage rectangle(int width, int height, int left, int top, int wide) {
        byte[] samples = new byte[width * height];
        for (int y = top; y < top + 16; y++) {
            Arrays.fill(samples, y * width + left, y * width + left + wide, (byte) 255);
        }
        return RasterImage.of(width, height, 1, samples);
    }

    /** A map of square grid, one value per cell. */
    static Heatmap heatmap(CropPlacement placement, double... values) {
        int cells = (int) Math.sqrt(values.length);
        return new Heatmap(
                "CAM",
                "covid",
                0.75,
                new EvidenceGrid(cells, cells, values),
                EvidenceUnit.LOGIT,
                EvidenceGrid.evenCells(cells, placement.inputSize()),
                placement);
    }
}
