package org.deepcovid.eval.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.eval.audit.AuditIssue.Severity;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetAuditTest {

    @TempDir Path root;

    @BeforeEach
    void writeImages() {
        SyntheticRadiographs.writeParts(root, 4, 2, 2, 1);
    }

    private static List<String> texts(DatasetAudit.Result result, Severity severity) {
        return result.issues(severity).stream().map(AuditIssue::text).toList();
    }

    @Test
    void minimumSizeDecidesWhichImagesAreSmall() {
        DatasetAudit audit = DatasetAudit.of(root);

        assertThat(texts(audit.run(), Severity.HINT))
                .anyMatch(text -> text.contains("smaller than 224 pixels"));
        assertThat(texts(audit.withMinSize(SyntheticRadiographs.HEIGHT).run(), Severity.HINT))
                .noneMatch(text -> text.contains("smaller than"));
        assertThat(audit.withMinSize(1).run().issues(Severity.PROBLEM)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audit.withMinSize(0))
                .withMessage("minimum size is 0 pixels; expected at least 1");
    }

    @Test
    void theRestIsNoCureForASourceThatOnlyThePositiveLabelHas() throws IOException {
        List<String> lines = new ArrayList<>(List.of("file,label,source"));
        for (int i = 0; i < 4; i++) {
            lines.add("train/covid/00%d.png,Flu (A),hospital".formatted(i));
            lines.add("train/non/00%d.png,%s,archive".formatted(i, i < 2 ? "Edema" : "Normal"));
        }
        Path manifest = Files.write(root.resolve("list.csv"), lines);

        DatasetAudit.Result result =
                DatasetAudit.of(manifest)
                        .withOptions(DatasetOptions.defaults().withPositive("Flu (A)"))
                        .run();

        assertThat(texts(result, Severity.HINT))
                .anyMatch(
                        text ->
                                text.startsWith(
                                        "confounded by source: no Flu (A) image shares its"
                                                + " source"));
        assertThat(result.toText())
                .containsPattern("images + Flu \\(A\\) +Edema +Normal")
                .containsPattern("archive +0 +2 +2");
    }

    @Test
    void aSizeThatOnlyOneLabelHasIsReportedUnlessByChance() throws IOException {
        for (int i = 0; i < 28; i++) {
            int width = i < 14 ? 100 : 90 + i;
            int[] noise = new SplittableRandom(i).ints(100L * width, 0, 256).toArray();
            BufferedImage image = new BufferedImage(width, 100, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSamples(0, 0, width, 100, 0, noise);
            String name = "train/%s/wide%d.png".formatted(i < 14 ? "covid" : "non", i);
            SyntheticRadiographs.write(root.resolve(name), image);
        }

        assertThat(texts(DatasetAudit.of(root).run(), Severity.HINT))
                .filteredOn(text -> text.startsWith("all "))
                .containsExactly(
                        "all 14 images of 100 x 100 pixels (png) are covid; a network may learn how"
                                + " they were made");
    }

    @Test
    void listenerReceivesTheNumberOfImages() {
        List<String> calls = new ArrayList<>();

        var unused = DatasetAudit.of(root).run((done, total) -> calls.add(done + "/" + total));

        assertThat(calls).containsExactly("16/16");
    }

    @Test
    void interruptedAuditIsCancelled() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> DatasetAudit.of(root).run())
                .isInstanceOf(CancellationException.class)
                .hasMessage("0 images were examined");
        assertThat(Thread.interrupted()).isTrue();
    }
}
