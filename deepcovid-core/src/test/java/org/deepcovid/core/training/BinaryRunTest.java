package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.data.PatientNames;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.LinearHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The weights of a run on covid and non, from the split to the folds, are those of the library that
 * knew no other labels. Features are computed here, so that no network rounds them.
 */
class BinaryRunTest {

    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults().withEpochs(12).withLearningRate(0.01).withSeed(11);

    @TempDir Path root;

    @Test
    void aRunOnCovidAndNonKeepsItsWeights() throws IOException {
        for (int i = 0; i < 90; i++) {
            Path folder = Files.createDirectories(root.resolve(i % 4 == 0 ? "covid" : "non"));
            Files.writeString(folder.resolve("p%d_%d.png".formatted(i / 3, i)), "image " + i);
        }
        XrayDataset dataset =
                new PatientNames(Pattern.compile("^(p\\d+)_")).applyTo(XrayDataset.read(root));
        FittingData data = PatientSplitter.seeded(7).split(dataset).fitting();
        LabelledFeatures training = features(rounds(data.training()));
        HeadTrainer.Outcome outcome =
                new HeadTrainer(CONFIG, List.of(training))
                        .train(
                                features(AugmentedImages.plain(LabelSet.COVID, data.validation())),
                                FineTuneListener.SILENT);
        List<LinearHead> heads = new ArrayList<>(List.of(outcome.head()));
        for (List<LabelledImage> fold : PatientFolds.of(data.labels(), data.training(), 3, 5)) {
            LabelledFeatures rest =
                    training.where(id -> fold.stream().noneMatch(image -> image.id().equals(id)));
            heads.add(new HeadTrainer(CONFIG, List.of(rest)).fit(FineTuneListener.SILENT, e -> {}));
        }

        assertThat(FileHashes.sha256(bits(heads).getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("aae3838ff889bd5c83645df676704ec5e9b963ee2ba0ff082e9f57e084e28e0a");
    }

    private static AugmentedImages rounds(List<LabelledImage> images) {
        return AugmentedImages.rounds(LabelSet.COVID, images, CONFIG, CONFIG.seed()).get(0);
    }

    private static LabelledFeatures features(AugmentedImages images) {
        return new LabelledFeatures(
                images.labelSet(),
                images.requests().stream().map(ImageRequest::id).toList(),
                images.labels(),
                images.requests().stream().map(BinaryRunTest::row).toList());
    }

    private static float[] row(ImageRequest request) {
        SplittableRandom random =
                new SplittableRandom(31L * request.id().hashCode() + request.seed());
        float[] row = new float[6];
        for (int f = 0; f < row.length; f++) {
            row[f] = (float) random.nextDouble();
        }
        row[0] += request.id().startsWith("covid") ? 1 : 0;
        return row;
    }

    private static String bits(List<LinearHead> heads) {
        StringBuilder text = new StringBuilder();
        heads.forEach(
                h -> text.append(Arrays.toString(h.weights())).append(Arrays.toString(h.bias())));
        return text.toString();
    }
}
