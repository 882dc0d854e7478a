package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CAM of a loaded classifier runs on the compiled engine and loads no class of ND4J or DL4J. */
class CamWithoutNd4jTest {

    /** Program of the other JVM. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) {
            try (CovidClassifier classifier = CovidClassifier.load(Path.of(args[0]))) {
                System.out.print(answer(classifier, Path.of(args[1])));
            }
        }
    }

    private static String answer(CovidClassifier classifier, Path image) {
        Heatmap map = Heatmap.of(classifier, Radiograph.of(image), HeatmapMethod.cam());
        return classifier.predict(image)
                + Arrays.toString(map.raw().values())
                + map.cells()
                + map.score();
    }

    @Test
    void aLoadedClassifierLoadsNoClassOfNd4j(@TempDir Path folder) throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 4, 5, 1);
        Path image = data.resolve("test/covid/000.png");
        Path file = folder.resolve("tiny.deepcovid");
        String expected;
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                        FineTuneConfig.defaults().withEpochs(3))) {
            run.classifier().save(file);
            expected = answer(run.classifier(), image);
        }
        Path output = folder.resolve("output.txt");
        Path classes = folder.resolve("classes.txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load:file=" + classes,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                file.toString(),
                                image.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(Files.readString(output, StandardCharsets.UTF_8)).isEqualTo(expected);
        assertThat(Files.readString(classes, StandardCharsets.UTF_8))
                .contains("ai.onnxruntime.OrtSession ")
                .doesNotContain(" org.nd4j.")
                .doesNotContain(" org.deeplearning4j.");
    }
}
