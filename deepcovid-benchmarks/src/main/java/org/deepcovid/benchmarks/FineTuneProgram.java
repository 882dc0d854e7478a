package org.deepcovid.benchmarks;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.models.Backbones;

/** Fine-tunes by the paper's recipe and saves; the arguments are network, weights, data, file. */
final class FineTuneProgram {

    private FineTuneProgram() {}

    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[2])));
        Stages stages = new Stages();
        try (FineTuned run =
                CovidClassifier.fineTune(
                        Backbones.load(args[0], Path.of(args[1])),
                        split.fitting(),
                        FineTuneConfig.defaults().withSeed(1),
                        stages)) {
            run.classifier().save(Path.of(args[3]), IfExists.REPLACE);
        }
        System.out.println("features_seconds=" + (stages.features - stages.start) / 1e9);
        System.out.println("head_seconds=" + (stages.head - stages.features) / 1e9);
    }

    /** Records the times at which stages end. */
    private static final class Stages implements FineTuneListener {

        private long start;
        private long features;
        private long head;

        @Override
        public void onProgress(Stage stage, long done, long total) {
            long now = System.nanoTime();
            if (stage == Stage.FEATURES && done == 0) {
                start = now;
            } else if (stage == Stage.FEATURES) {
                features = now;
            } else {
                head = now;
            }
        }
    }
}
