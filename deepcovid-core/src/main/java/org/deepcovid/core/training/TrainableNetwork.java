package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The trained part of a backbone, from a cut up to its pooled features, with a new linear head, as
 * a DL4J graph that learns by softmax and weighted cross-entropy. It begins with copies of the
 * backbone's parameters; {@link #copyInto} copies the learned ones back.
 *
 * <p>Batch normalisation keeps the running statistics it was pre-trained with, in the forward and
 * the backward pass, and learns its scale and shift: training and inference compute the same,
 * independently of the batches.
 *
 * <p>Instances hold native memory and are not safe for use by several threads.
 */
public final class TrainableNetwork implements AutoCloseable {

    /**
     * Everything that training changes.
     *
     * @param arrays float32 arrays by name: {@value #PARAMETERS} and {@value #OPTIMIZER}
     * @param steps optimizer steps done, 0 or more
     */
    public record State(Map<String, INDArray> arrays, int steps) {

        /** Name of the array of all parameters. */
        public static final String PARAMETERS = "parameters";

        /** Name of the array of what the optimizer remembers. */
        public static final String OPTIMIZER = "optimizer";

        public State {
            arrays = Map.copyOf(arrays);
            if (arrays.size() != 2
                    || !arrays.containsKey(PARAMETERS)
                    || !arrays.containsKey(OPTIMIZER)
                    || steps < 0) {
                throw new IllegalArgumentException(
                        "a checkpoint of %d steps holds %s; expected %s and %s and no negative number"
                                .formatted(steps, arrays.keySet(), PARAMETERS, OPTIMIZER));
            }
        }

        INDArray array(String name) {
            return arrays.get(name);
        }

        void requireLengths(long parameters, long optimizer) {
            if (array(PARAMETERS).length() != parameters
                    || array(OPTIMIZER).length() != optimizer) {
                throw new IllegalArgumentException(
                        "the checkpoint holds %d parameters and %d values of the optimizer; expected %d and %d: it is of another network"
                                .formatted(
                                        array(PARAMETERS).length(),
                                        array(OPTIMIZER).length(),
                                        parameters,
                                        optimizer));
            }
        }
    }

    private static final String HEAD = "trained head";

    private final NetworkCut cut;
    private final ComputationGraph graph;
    private final int classes;

    private TrainableNetwork(NetworkCut cut, ComputationGraph graph, int classes) {
        this.cut = cut;
        this.graph = graph;
        this.classes = classes;
    }

    /**
     * Copies the part of a backbone that is to be trained.
     *
     * @param backbone pre-trained or random network; stays as it is
     * @param layers what to train; not {@link HeadOnly}
     * @param classWeights weight of the loss of each class; its size is the number of classes
     * @param learningRate of the first step
     * @param seed decides the head's first weights
     * @throws IllegalArgumentException if the backbone has no such layer, or none that can learn
     */
    public static TrainableNetwork of(
            Backbone backbone,
            TrainableLayers layers,
            List<Double> classWeights,
            Optimizer optimizer,
            double learningRate,
            long seed) {
        DeepCovidRuntime.initialise();
        requireNonNull(optimizer, "optimizer is null");
        NetworkCut cut = NetworkCut.of(backbone, layers);
        ComputationGraph original = backbone.graph();
        ComputationGraphConfiguration configuration =
                GraphSurgery.part(original, cut.trained(), List.of(HEAD));
        configuration.setNetworkInputs(cut.boundary());
        configuration.setTrainingWorkspaceMode(WorkspaceMode.ENABLED);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.ENABLED);
        configuration
                .getVertices()
                .forEach(
                        (name, vertex) -> {
                            if (vertex instanceof LayerVertex layer) {
                                prepare(layer.getLayerConf(), optimizer, learningRate);
                            }
                        });
        NeuralNetConfiguration head =
                new NeuralNetConfiguration.Builder()
                        .seed(seed)
                        .updater(updater(optimizer, learningRate))
                        .layer(
                                head(
                                        backbone.spec().featureChannels(),
                                        classWeights,
                                        optimizer,
                                        learningRate))
                        .build();
        GraphSurgery.append(configuration, HEAD, head, Backbone.FEATURES);
        // init() seeds from the default configuration; a seed of 0, which the networks of this
        // library have, gives other values every time.
        configuration.getDefaultConfiguration().setSeed(seed);
        return new TrainableNetwork(
                cut, GraphSurgery.initialised(configuration, original), classWeights.size());
    }

    private static void prepare(
            NeuralNetConfiguration configuration, Optimizer optimizer, double learningRate) {
        GraphSurgery.useRunningStatistics(configuration);
        if (configuration.getLayer() instanceof BaseLayer layer) {
            layer.setIUpdater(updater(optimizer, learningRate));
        }
    }

    /** The optimizer for a DL4J network, with fresh state. */
    static IUpdater updater(Optimizer optimizer, double learningRate) {
        return optimizer instanceof Optimizer.SgdMomentum sgd
                ? new ClassicalMomentum(sgd.momentum(), learningRate)
                : new Adam(learningRate);
    }

    private static Layer head(
            int features, List<Double> classWeights, Optimizer optimizer, double learningRate) {
        float[] weights = new float[classWeights.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = classWeights.get(i).floatValue();
        }
        return new OutputLayer.Builder(new LossMCXENT(Nd4j.createFromArray(weights)))
                .nIn(features)
                .nOut(weights.length)
                .activation(Activation.SOFTMAX)
                .weightInit(WeightInit.XAVIER)
                .updater(updater(optimizer, learningRate))
                .build();
    }

    /**
     * The vertices of the backbone whose outputs this network takes, or the backbone's image input.
     */
    public List<String> inputs() {
        return cut.boundary();
    }

    /** The layers that are trained beside the head. */
    public List<String> trainedLayers() {
        return cut.layersWithParameters(graph);
    }

    /**
     * One step of the optimizer.
     *
     * @param inputs one array for each of {@link #inputs}, float32 [N, ...]; a backbone's image
     *     input may have another height and width than the backbone's spec says
     * @param labels class of each of the N examples, from 0
     * @return mean weighted loss of the batch before the step
     * @throws IllegalArgumentException if the numbers of examples differ or a label is no class
     * @throws IllegalStateException if the loss is not finite
     */
    public double fit(List<INDArray> inputs, List<Integer> labels) {
        INDArray targets = oneHot(labels);
        requireRows(inputs, labels.size());
        graph.fit(inputs.toArray(INDArray[]::new), new INDArray[] {targets});
        double loss = graph.score();
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                    "the loss became %s in step %d; lower the learning rate"
                            .formatted(loss, graph.getIterationCount()));
        }
        return loss;
    }

    private static void requireRows(List<INDArray> inputs, int rows) {
        for (INDArray input : inputs) {
            if (input.size(0) != rows || rows == 0) {
                throw new IllegalArgumentException(
                        "an input has shape %s; expected %d examples, as many as labels, and at least one"
                                .formatted(Arrays.toString(input.shape()), rows));
            }
        }
    }

    private INDArray oneHot(List<Integer> labels) {
        float[][] rows = new float[labels.size()][classes];
        for (int i = 0; i < rows.length; i++) {
            int label = labels.get(i);
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        "label %d of example %d; expected 0 to %d"
                                .formatted(label, i, classes - 1));
            }
            rows[i][label] = 1;
        }
        return Nd4j.createFromArray(rows);
    }

    /**
     * The pooled features under the head.
     *
     * @param inputs as for {@link #fit}
     * @return float32 [N, C]
     */
    public INDArray features(List<INDArray> inputs) {
        return graph.output(
                        List.of(Backbone.FEATURES), false, inputs.toArray(INDArray[]::new), null)[
                0];
    }

    /** The head as it is now. */
    public LinearHead head() {
        Map<String, INDArray> parameters = graph.getLayer(HEAD).paramTable(false);
        return new LinearHead(
                parameters.get("W").transpose().dup('c').data().asFloat(),
                parameters.get("b").dup('c').data().asFloat());
    }

    /** Changes the step size from the next step on. */
    public void setLearningRate(double learningRate) {
        graph.setLearningRate(learningRate);
    }

    /**
     * Everything that training changes, for a checkpoint: the parameters, what the optimizer
     * remembers, and the number of steps done.
     */
    public State state() {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        arrays.put(State.PARAMETERS, graph.params().dup('c'));
        arrays.put(State.OPTIMIZER, graph.getUpdater().getStateViewArray().dup('c'));
        return new State(arrays, graph.getIterationCount());
    }

    /**
     * Goes on from a checkpoint.
     *
     * @param state of a network made with the same arguments
     * @throws IllegalArgumentException if an array has another length than this network's
     */
    public void restore(State state) {
        INDArray parameters = graph.params();
        INDArray optimizer = graph.getUpdater().getStateViewArray();
        state.requireLengths(parameters.length(), optimizer.length());
        parameters.assign(state.array(State.PARAMETERS).reshape(parameters.shape()));
        optimizer.assign(state.array(State.OPTIMIZER).reshape(optimizer.shape()));
        graph.getConfiguration().setIterationCount(state.steps());
    }

    /** A copy of all parameters, to come back to with {@link #setParameters}. */
    INDArray parameters() {
        return graph.params().dup('c');
    }

    void setParameters(INDArray parameters) {
        graph.setParams(parameters);
    }

    /** The graph itself, for tests of its gradients. */
    ComputationGraph graph() {
        return graph;
    }

    /**
     * Writes the learned parameters into a backbone.
     *
     * @param backbone the one that this network was made of, or one like it
     */
    public void copyInto(Backbone backbone) {
        GraphSurgery.copyParameters(graph, backbone.graph());
    }

    /** Releases the native memory. */
    @Override
    public void close() {
        graph.close();
    }
}
