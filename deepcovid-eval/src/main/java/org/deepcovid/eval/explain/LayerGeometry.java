package org.deepcovid.eval.explain;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/**
 * Where the cells of a layer look: the centres of their receptive fields, from kernels, strides and
 * paddings. Stretching a map evenly over the input instead would displace it by up to half a cell.
 */
final class LayerGeometry {

    private final ComputationGraphConfiguration configuration;

    LayerGeometry(ComputationGraphConfiguration configuration) {
        this.configuration = configuration;
    }

    /** Centres of a layer's cells; empty below a layer whose geometry is not known. */
    Optional<CellCentres> centres(String vertex) {
        if (configuration.getNetworkInputs().contains(vertex)) {
            return Optional.of(new CellCentres(0.5, 1));
        }
        List<String> inputs = configuration.getVertexInputs().get(vertex);
        GraphVertex definition = configuration.getVertices().get(vertex);
        // The branches that meet in one vertex see the same places, so one of them tells.
        return centres(inputs.get(0)).flatMap(below -> above(below, definition));
    }

    private static Optional<CellCentres> above(CellCentres below, GraphVertex definition) {
        if (definition instanceof LayerVertex vertex) {
            return above(below, vertex.getLayerConf().getLayer());
        }
        boolean keepsPlaces =
                definition instanceof ElementWiseVertex || definition instanceof MergeVertex;
        return keepsPlaces ? Optional.of(below) : Optional.empty();
    }

    private static Optional<CellCentres> above(CellCentres below, Layer layer) {
        if (layer instanceof ConvolutionLayer conv && conv.getClass() == ConvolutionLayer.class) {
            int[] reach = new int[2];
            for (int axis = 0; axis < 2; axis++) {
                reach[axis] = (conv.getKernelSize()[axis] - 1) * conv.getDilation()[axis];
            }
            return window(
                    below, reach, conv.getStride(), conv.getPadding(), conv.getConvolutionMode());
        }
        if (layer instanceof SubsamplingLayer pool) {
            int[] kernel = pool.getKernelSize();
            int[] reach = {kernel[0] - 1, kernel[1] - 1};
            return window(
                    below, reach, pool.getStride(), pool.getPadding(), pool.getConvolutionMode());
        }
        if (layer instanceof ZeroPaddingLayer padding) {
            int top = padding.getPadding()[0];
            int left = padding.getPadding()[2];
            return top == left
                    ? Optional.of(new CellCentres(below.first() - top * below.step(), below.step()))
                    : Optional.empty();
        }
        boolean keepsPlaces =
                layer instanceof ActivationLayer
                        || layer instanceof BatchNormalization
                        || layer instanceof DropoutLayer;
        return keepsPlaces ? Optional.of(below) : Optional.empty();
    }

    private static Optional<CellCentres> window(
            CellCentres below, int[] reach, int[] stride, int[] padding, ConvolutionMode mode) {
        boolean square = reach[0] == reach[1] && stride[0] == stride[1] && padding[0] == padding[1];
        if (mode == ConvolutionMode.Same && stride[0] == 1 && square) {
            return Optional.of(below);
        }
        if (mode == ConvolutionMode.Same || mode == ConvolutionMode.Causal || !square) {
            return Optional.empty();
        }
        double first = below.first() + below.step() * (reach[0] / 2.0 - padding[0]);
        return Optional.of(new CellCentres(first, below.step() * stride[0]));
    }
}
