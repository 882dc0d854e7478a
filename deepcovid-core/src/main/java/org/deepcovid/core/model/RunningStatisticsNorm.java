package org.deepcovid.core.model;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation with the running statistics: a fixed scale and shift per channel. The layer
 * of DL4J 1.0.0-M2.1 always differentiates by the formula for training, so its gradients of the
 * inference pass are wrong. Scale and shift can be trained; the statistics are constant.
 */
final class RunningStatisticsNorm extends BatchNormalization {

    private static final long serialVersionUID = 1L;

    private RunningStatisticsNorm() {}

    /** A layer with the parameters' names, order and epsilon of another. */
    static RunningStatisticsNorm like(BatchNormalization other) {
        RunningStatisticsNorm layer = new RunningStatisticsNorm();
        layer.setLayerName(other.getLayerName());
        layer.setNIn(other.getNIn());
        layer.setNOut(other.getNOut());
        layer.setEps(other.getEps());
        layer.setUseLogStd(other.isUseLogStd());
        return layer;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        ScaleAndShift layer = new ScaleAndShift(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    private static final class ScaleAndShift
            extends org.deeplearning4j.nn.layers.normalization.BatchNormalization {

        private static final long serialVersionUID = 1L;

        ScaleAndShift(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
        }

        private INDArray inverseDeviation() {
            INDArray variance =
                    layerConf().isUseLogStd()
                            ? Transforms.pow(
                                    Transforms.exp(getParam(GLOBAL_LOG_STD).mul(Math.log(10))), 2)
                            : getParam(GLOBAL_VAR);
            return Transforms.sqrt(variance.add(layerConf().getEps()), false).rdivi(1.0);
        }

        private INDArray scale() {
            return inverseDeviation().muli(getParam(GAMMA));
        }

        @Override
        public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
            assertInputSet(false);
            INDArray scale = scale();
            INDArray mean = getParam(GLOBAL_MEAN);
            INDArray shift = getParam(BETA).sub(mean.mul(scale));
            INDArray out =
                    workspaces.createUninitialized(
                            ArrayType.ACTIVATIONS, dataType, input.shape(), 'c');
            Broadcast.mul(input, scale, out, 1);
            return Broadcast.add(out, shift, out, 1);
        }

        @Override
        public INDArray activate(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
            setInput(in, workspaces);
            return activate(training, workspaces);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(
                INDArray epsilon, LayerWorkspaceMgr workspaces) {
            assertInputSet(true);
            INDArray below =
                    workspaces.createUninitialized(
                            ArrayType.ACTIVATION_GRAD, dataType, epsilon.shape(), 'c');
            Broadcast.mul(epsilon, scale(), below, 1);
            return new Pair<>(gradient(epsilon), below);
        }

        private Gradient gradient(INDArray epsilon) {
            INDArray sum = epsilon.sum(0, 2, 3);
            INDArray mean = getParam(GLOBAL_MEAN);
            INDArray weighted = epsilon.mul(input).sum(0, 2, 3); // sum of e * x
            INDArray gamma = weighted.subi(sum.mul(mean)).muli(inverseDeviation());
            Gradient gradient = new DefaultGradient();
            gradientViews.forEach(
                    (name, view) -> {
                        switch (name) {
                            case GAMMA -> view.assign(gamma);
                            case BETA -> view.assign(sum);
                            default -> view.assign(0); // the statistics are not trained
                        }
                        gradient.setGradientFor(name, view);
                    });
            return gradient;
        }

        @Override
        public Pair<INDArray, MaskState> feedForwardMaskArray(
                INDArray mask, MaskState state, int batch) {
            return new Pair<>(mask, state);
        }
    }
}
