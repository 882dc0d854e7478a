package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;
import org.deepcovid.testing.TestGraphs;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

class CellCentresTest {

    private static Optional<CellCentres> centres(Layer... layers) {
        String last = "layer" + (layers.length - 1);
        ComputationGraph graph =
                TestGraphs.graph(
                        InputType.convolutional(64, 64, 3),
                        g -> {
                            for (int i = 0; i < layers.length; i++) {
                                g.addLayer(
                                        "layer" + i,
                                        layers[i],
                                        i == 0 ? "images" : "layer" + (i - 1));
                            }
                            g.setOutputs(last);
                        });
        Optional<CellCentres> centres =
                Dl4jImport.centres(graph, ActivationShape.map(3, 64, 64), last);
        graph.close();
        return centres;
    }

    private static ConvolutionLayer conv(int kernel, int stride, int padding, int dilation) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .dilation(dilation, dilation)
                .convolutionMode(ConvolutionMode.Truncate)
                .activation(Activation.IDENTITY)
                .nOut(1)
                .build();
    }

    @Test
    void areTheCentresOfReceptiveFields() {
        // a 3 x 3 window at the left edge covers pixels 0 to 2: its centre is at 1.5
        assertThat(centres(conv(3, 2, 0, 1))).contains(new CellCentres(1.5, 2));
        assertThat(centres(conv(3, 1, 1, 1))).contains(new CellCentres(0.5, 1));
        assertThat(centres(conv(4, 4, 0, 1))).contains(new CellCentres(2, 4));
        assertThat(centres(conv(3, 1, 0, 2))).contains(new CellCentres(2.5, 1));
    }

    @Test
    void areComputedThroughSeveralLayers() {
        assertThat(centres(conv(3, 2, 0, 1), conv(3, 2, 0, 1), conv(3, 2, 0, 1)))
                .contains(new CellCentres(7.5, 8));
        assertThat(centres(new ZeroPaddingLayer.Builder(3, 3).build(), conv(7, 2, 0, 1)))
                .contains(new CellCentres(0.5, 2));
    }

    @Test
    void areEmptyAboveAnUnsupportedLayer() {
        assertThat(centres(new Upsampling2D.Builder(2).build())).isEmpty();
    }
}
