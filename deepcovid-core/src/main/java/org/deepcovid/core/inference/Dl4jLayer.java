package org.deepcovid.core.inference;

import java.util.List;
import org.deepcovid.core.inference.PlanNode.AveragePool.Divisor;
import org.deepcovid.core.inference.PlanNode.BatchNorm.Spread;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Converts one DL4J layer to a plan node. */
final class Dl4jLayer {

    private final String name;
    private final List<String> inputs;
    private final ActivationShape shape;

    Dl4jLayer(String name, String input, ActivationShape shape) {
        this.name = name;
        this.inputs = List.of(input);
        this.shape = shape;
    }

    PlanNode node(LayerVertex vertex) {
        if (vertex.getPreProcessor() != null) {
            throw unsupported(
                    "preprocessor %s cannot be compiled"
                            .formatted(vertex.getPreProcessor().getClass().getName()));
        }
        return node(vertex.getLayerConf().getLayer());
    }

    private PlanNode node(Layer layer) {
        Class<?> type = layer.getClass();
        if (type == FrozenLayer.class) {
            return node(((FrozenLayer) layer).getLayer());
        } else if (type == FrozenLayerWithBackprop.class) {
            return node(((FrozenLayerWithBackprop) layer).getUnderlying());
        } else if (type == ConvolutionLayer.class) {
            return convolution((ConvolutionLayer) layer);
        } else if (type == BatchNormalization.class) {
            return batchNorm((BatchNormalization) layer);
        } else if (type == ActivationLayer.class) {
            return activation((ActivationLayer) layer);
        } else if (type == DropoutLayer.class) { // drops nothing in inference mode
            return new PlanNode.Activation(name, inputs, Nonlinearity.IDENTITY);
        } else if (type == SubsamplingLayer.class) {
            return pooling((SubsamplingLayer) layer);
        } else if (type == ZeroPaddingLayer.class) {
            return zeroPadding((ZeroPaddingLayer) layer);
        } else if (type == GlobalPoolingLayer.class) {
            return globalPooling((GlobalPoolingLayer) layer);
        } else if (type == DenseLayer.class) {
            return dense((DenseLayer) layer);
        }
        throw unsupported("%s cannot be compiled".formatted(type.getName()));
    }

    private PlanNode convolution(ConvolutionLayer layer) {
        requireNchw(layer.getCnn2dDataFormat());
        Window window =
                window(
                        layer.getConvolutionMode(),
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getDilation(),
                        layer.getPadding());
        return new PlanNode.Convolution(
                name,
                inputs,
                Math.toIntExact(layer.getNOut()),
                window,
                layer.hasBias() ? Bias.ADDED : Bias.NONE,
                nonlinearity(layer.getActivationFn()));
    }

    /** The arrays hold rows, then columns. */
    private Window window(
            ConvolutionMode mode, int[] kernel, int[] stride, int[] dilation, int[] padding) {
        Window declared =
                new Window(
                        extent(kernel),
                        extent(stride),
                        extent(dilation),
                        new Window.Padding(padding[0], padding[1], padding[0], padding[1]));
        return switch (mode) {
            case Truncate, Strict -> declared;
            case Same -> declared.samePadding(shape);
            case Causal -> throw unsupported("convolution mode Causal cannot be compiled");
        };
    }

    private static Window.Extent extent(int[] rowsAndColumns) {
        return new Window.Extent(rowsAndColumns[0], rowsAndColumns[1]);
    }

    private PlanNode batchNorm(BatchNormalization layer) {
        if (shape.isMap()) {
            requireNchw(layer.getCnn2DFormat());
        }
        if (layer.isLockGammaBeta()) {
            throw unsupported("batch normalisation with lockGammaBeta cannot be compiled");
        }
        return new PlanNode.BatchNorm(
                name,
                inputs,
                layer.getEps(),
                layer.isUseLogStd() ? Spread.LOG10_DEVIATION : Spread.VARIANCE);
    }

    private PlanNode activation(ActivationLayer layer) {
        return new PlanNode.Activation(name, inputs, nonlinearity(layer.getActivationFn()));
    }

    private PlanNode pooling(SubsamplingLayer layer) {
        requireNchw(layer.getCnn2dDataFormat());
        Window window =
                window(
                        layer.getConvolutionMode(),
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getDilation(),
                        layer.getPadding());
        return switch (layer.getPoolingType()) {
            case MAX -> new PlanNode.MaxPool(name, inputs, window);
            case AVG ->
                    new PlanNode.AveragePool(
                            name,
                            inputs,
                            window,
                            layer.isAvgPoolIncludePadInDivisor()
                                    ? Divisor.ALL_ELEMENTS
                                    : Divisor.ELEMENTS_INSIDE);
            case SUM, PNORM ->
                    throw unsupported(layer.getPoolingType() + " pooling cannot be compiled");
        };
    }

    private PlanNode zeroPadding(ZeroPaddingLayer layer) {
        requireNchw(layer.getDataFormat());
        int[] p = layer.getPadding(); // top, bottom, left, right
        return new PlanNode.ZeroPadding(name, inputs, new Window.Padding(p[0], p[2], p[1], p[3]));
    }

    private PlanNode globalPooling(GlobalPoolingLayer layer) {
        if (layer.getPoolingType() != PoolingType.AVG || !layer.isCollapseDimensions()) {
            throw unsupported(
                    "global pooling of another kind than a collapsed average cannot be compiled");
        }
        return new PlanNode.GlobalAverage(name, inputs);
    }

    private PlanNode dense(DenseLayer layer) {
        if (layer.hasLayerNorm()) {
            throw unsupported("a dense layer with layer normalisation cannot be compiled");
        }
        return new PlanNode.Dense(
                name,
                inputs,
                Math.toIntExact(layer.getNOut()),
                layer.hasBias() ? Bias.ADDED : Bias.NONE,
                nonlinearity(layer.getActivationFn()));
    }

    private Nonlinearity nonlinearity(IActivation function) {
        if (function instanceof ActivationIdentity) {
            return Nonlinearity.IDENTITY;
        }
        if (function.equals(new ActivationReLU())) {
            return Nonlinearity.RELU;
        }
        throw unsupported(
                "activation %s cannot be compiled; identity and plain ReLU can"
                        .formatted(function));
    }

    private void requireNchw(CNN2DFormat format) {
        if (format != CNN2DFormat.NCHW) {
            throw unsupported("layout " + format + " cannot be compiled; NCHW can");
        }
    }

    private UnsupportedLayerException unsupported(String reason) {
        return new UnsupportedLayerException(name, reason);
    }
}
