package org.deepcovid.core.datavec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

class XrayDataSetIteratorTest {

    private static final Preprocessing SMALL = new Preprocessing(32, Normalization.TORCH);

    @TempDir Path folder;
    private List<LabelledImage> images;

    @BeforeEach
    void writeImages() {
        DeepCovidRuntime.initialise();
        images = XrayDataset.read(SyntheticRadiographs.writeClasses(folder, 5, 1)).images();
    }

    @Test
    void returnsFeaturesAndOneHotLabelsInOrder() {
        try (XrayDataSetIterator iterator =
                new XrayDataSetIterator(LabelSet.COVID, images, SMALL, 4, 2)) {
            List<Object> ids = new ArrayList<>();
            int row = 0;
            while (iterator.hasNext()) {
                DataSet data = iterator.next();
                assertThat(data.getFeatures().shape())
                        .containsExactly(data.numExamples(), 3, 32, 32);
                assertThat(data.getFeatures().dataType()).isEqualTo(DataType.FLOAT);
                assertThat(data.getLabels().shape()).containsExactly(data.numExamples(), 2);
                ids.addAll(data.getExampleMetaData());
                for (int i = 0; i < data.numExamples(); i++, row++) {
                    float[] expected = SMALL.apply(images.get(row).file());
                    assertThat(data.getFeatures().slice(i).dup().data().asFloat())
                            .containsExactly(expected);
                    boolean covid = images.get(row).id().startsWith("covid");
                    assertThat(data.getLabels().getRow(i).toFloatVector())
                            .containsExactly(covid ? 0 : 1, covid ? 1 : 0);
                }
            }
            assertThat(ids).isEqualTo(images.stream().map(LabelledImage::id).toList());
            assertFails(NoSuchElementException.class, iterator::next);
        }
    }

    @Test
    void describesItself() throws IOException {
        try (XrayDataSetIterator iterator =
                new XrayDataSetIterator(LabelSet.COVID, images, SMALL, 4, 2)) {
            assertThat(iterator.getLabels()).containsExactly("non", "covid");
            assertThat(iterator.totalOutcomes()).isEqualTo(2);
            assertThat(iterator.inputColumns()).isEqualTo(3 * 32 * 32);
            assertThat(iterator.batch()).isEqualTo(4);
            assertThat(iterator.resetSupported()).isTrue();
            assertThat(iterator.asyncSupported()).isFalse();
            ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
            assertFails(NotSerializableException.class, () -> out.writeObject(iterator));
        }
    }

    @Test
    void otherBatchSizeContinuesWhereTheLastEnded() {
        try (XrayDataSetIterator iterator =
                new XrayDataSetIterator(LabelSet.COVID, images, SMALL, 4, 2)) {
            assertThat(iterator.next(3).getExampleMetaData()).hasSize(3);
            assertThat(iterator.next(2).getExampleMetaData())
                    .isEqualTo(List.of(images.get(3).id(), images.get(4).id()));
            assertThat(iterator.next().numExamples()).isEqualTo(4);
            assertThat(iterator.next().numExamples()).isEqualTo(1);
            assertThat(iterator.hasNext()).isFalse();

            iterator.reset();

            assertThat(iterator.next().getExampleMetaData()).contains(images.get(0).id());
        }
    }

    @Test
    void appliesPreProcessor() {
        try (XrayDataSetIterator iterator =
                new XrayDataSetIterator(LabelSet.COVID, images, SMALL, 4, 2)) {
            iterator.setPreProcessor(data -> data.setFeatures(data.getFeatures().mul(0)));

            assertThat(iterator.getPreProcessor()).isNotNull();
            assertThat(iterator.next().getFeatures().maxNumber().doubleValue()).isZero();
        }
    }

    @Test
    void trainsNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(tinyNetwork());
        network.init();
        INDArray before = network.params().dup();
        try (XrayDataSetIterator iterator =
                new XrayDataSetIterator(LabelSet.COVID, images, SMALL, 5, 2)) {
            network.fit(iterator);
            double first = network.score();
            network.fit(iterator, 15);

            assertThat(network.getIterationCount()).isEqualTo(32);
            assertThat(network.params()).isNotEqualTo(before);
            assertThat(network.score()).isLessThan(first);
        }
    }

    private static MultiLayerConfiguration tinyNetwork() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.02))
                .list()
                .layer(
                        new ConvolutionLayer.Builder(3, 3)
                                .stride(2, 2)
                                .nOut(8)
                                .activation(Activation.RELU)
                                .build())
                .layer(new GlobalPoolingLayer.Builder().build())
                .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build();
    }
}
