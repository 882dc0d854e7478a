package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.deepcovid.core.ClassifierFileException;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning from another classifier's network. */
final class ClassifierBackboneTest {

    private static final FineTuneConfig CONFIG = FineTuneConfig.defaults().withEpochs(2);

    @TempDir Path folder;

    private FittingData data(int each) {
        Path images = SyntheticRadiographs.writeParts(folder.resolve("images"), each, 2, 2, 1);
        return PatientSplitter.seeded(1).split(XrayDataset.read(images)).fitting();
    }

    @Test
    void aNewClassifierGrowsFromASavedOne() {
        assertGrows(data(8), () -> TinyBackbone.random(1), "random 1");
    }

    @Test
    void aNewClassifierGrowsFromASavedSqueezeNet() throws Exception {
        Path weights = folder.resolve("exported.safetensors");
        try (Backbone random = Backbones.untrained("squeezenet", 3)) {
            Backbones.writeSafetensors(random, weights);
        }
        assertGrows(data(4), () -> Backbones.load("squeezenet", weights), "exported.safetensors");
    }

    private void assertGrows(FittingData data, Supplier<Backbone> start, String firstOrigin) {
        Path file = folder.resolve("first.deepcovid");
        try (FineTuned firstRun = CovidClassifier.fineTune(start.get(), data, CONFIG);
                CovidClassifier first = firstRun.classifier()) {
            first.save(file);
            try (FineTuned secondRun =
                            CovidClassifier.fineTune(
                                    Backbones.ofClassifier(file), data, CONFIG.withSeed(9));
                    CovidClassifier second = secondRun.classifier();
                    FineTuned directRun =
                            CovidClassifier.fineTune(start.get(), data, CONFIG.withSeed(9));
                    CovidClassifier direct = directRun.classifier()) {
                assertThat(second.head()).isEqualTo(direct.head()).isNotEqualTo(first.head());
                assertThat(second.provenance().weights().name())
                        .isEqualTo("first.deepcovid (classifier on " + firstOrigin + ")");
                assertThat(second.provenance().weights().sha256())
                        .isEqualTo(FileHashes.sha256(file));
                assertThat(second.provenance().weights().trained())
                        .isEqualTo(first.provenance().weights().trained());
                Path again = folder.resolve("second.deepcovid");
                second.save(again);
                try (CovidClassifier loaded = CovidClassifier.load(again)) {
                    assertThat(loaded.provenance()).isEqualTo(second.provenance());
                }
            }
        }
    }

    @Test
    void aFileThatIsNoClassifierIsRefused() {
        assertThatThrownBy(() -> Backbones.ofClassifier(folder.resolve("none.deepcovid")))
                .isInstanceOf(ClassifierFileException.class)
                .hasMessageContaining("none.deepcovid");
    }
}
