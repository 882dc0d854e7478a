package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayerGeometryTest {

    @BeforeAll
    static void start() {
        DeepCovidRuntime.initialise();
    }

    private static Optional<CellCentres> centres(Layer... layers) {
        ComputationGraphConfiguration.GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("in")
                        .setInputTypes(InputType.convolutional(64, 64, 3));
        String last = "in";
        for (int i = 0; i < layers.length; i++) {
            builder.addLayer("layer" + i, layers[i], last);
            last = "layer" + i;
        }
        return new LayerGeometry(builder.setOutputs(last).build()).centres(last);
    }

    private static ConvolutionLayer conv(int kernel, int stride, int padding, int dilation) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .dilation(dilation, dilation)
                .convolutionMode(ConvolutionMode.Truncate)
                .nOut(1)
                .build();
    }

    @Test
    void placesWindowsAtTheirCentres() {
        // a 3 x 3 window at the left edge covers pixels 0 to 2: its centre is at 1.5
        assertThat(centres(conv(3, 2, 0, 1))).contains(new CellCentres(1.5, 2));
        assertThat(centres(conv(3, 1, 1, 1))).contains(new CellCentres(0.5, 1));
        assertThat(centres(conv(4, 4, 0, 1))).contains(new CellCentres(2, 4));
        assertThat(centres(conv(3, 1, 0, 2))).contains(new CellCentres(2.5, 1));
    }

    @Test
    void goesThroughSeveralLayers() {
        assertThat(centres(conv(3, 2, 0, 1), conv(3, 2, 0, 1), conv(3, 2, 0, 1)))
                .contains(new CellCentres(7.5, 8));
        assertThat(centres(new ZeroPaddingLayer.Builder(3, 3).build(), conv(7, 2, 0, 1)))
                .contains(new CellCentres(0.5, 2));
    }

    @Test
    void admitsThatALayerIsUnknown() {
        assertThat(centres(new Upsampling2D.Builder(2).build())).isEmpty();
    }

    /** Light one pixel, see which cell of the map answers most: it is the one nearest to it. */
    @Test
    void agreesWithWhereTheNetworkResponds() {
        try (ExplainedModel model = TestNetworks.mixedModel(1)) {
            CellCentres centres = model.centres("map", 9);
            ExplainedModel.Input dark = model.prepare(TestNetworks.image(36, 36, 1));
            double row = 0;
            double total = 0;
            float[] before = model.lastMap(dark, 0).activations();
            for (int y : new int[] {16, 17, 18, 19}) {
                float[] changed = dark.tensor().clone();
                for (int x = 0; x < 36; x++) {
                    changed[y * 36 + x] += 2;
                }
                ExplainedModel.Input lit =
                        new ExplainedModel.Input(dark.square(), changed, dark.placement());
                float[] after = model.lastMap(lit, 0).activations();
                for (int i = 0; i < after.length; i++) {
                    double difference = Math.abs(after[i] - before[i]);
                    row += difference * centres.of(Math.floorDiv(i, 9) % 9);
                    total += difference;
                }
            }
            assertThat(row / total).isCloseTo(18, within(2.0));
            model.backbone().close();
        }
    }

    @Test
    void fallsBackToAnEvenGrid() {
        assertThat(CellCentres.even(7, 224)).isEqualTo(new CellCentres(16, 32));
        assertThat(CellCentres.even(7, 224).of(6)).isEqualTo(208);
    }
}
