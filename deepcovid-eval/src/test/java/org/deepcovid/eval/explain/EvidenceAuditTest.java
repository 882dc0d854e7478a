package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.explain.HeatmapMethod.occlusion;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceAuditTest {

    private static final PixelMask CENTRE =
            PixelMask.of(64, 64, (x, y) -> x >= 16 && x < 48 && y >= 16 && y < 48);

    private static final PixelMask SQUARE =
            PixelMask.of(64, 64, (x, y) -> x >= 24 && x < 40 && y >= 24 && y < 40);

    @TempDir Path folder;

    private final ExplainedModel model = TestNetworks.brightnessModel(64);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    private LabelledImage write(String id, int left, int top) {
        Path file = folder.resolve(id);
        RasterImage image = TestNetworks.square(64, 64, left, top);
        PngWriter.write(image, Map.of(), file, IfExists.FAIL);
        return new LabelledImage(id, file, Label.COVID, id, Optional.empty(), Map.of());
    }

    private EvidenceAudit audit(
            HeatmapMethod method,
            Optional<PixelMask> lungs,
            double frame,
            LabelledImage... images) {
        return EvidenceAudit.run(
                model,
                method,
                "covid",
                List.of(images),
                image -> lungs,
                image -> image.id().equals("good.png") ? Optional.of(SQUARE) : Optional.empty(),
                frame);
    }

    @Test
    void findsImagesWithEvidenceOutsideTheLungs() {
        LabelledImage good = write("good.png", 24, 24);
        LabelledImage marker = write("marker.png", 0, 0);
        HeatmapMethod method = occlusion(4, 4).withMeasure(EvidenceUnit.LOGIT_DROP);
        EvidenceAudit audit = audit(method, Optional.of(CENTRE), 0.125, good, marker);

        EvidenceAudit.Shares centred = audit.images().get(0);
        EvidenceAudit.Shares cornered = audit.images().get(1);
        assertThat(centred.imageId()).isEqualTo("good.png");
        assertThat(centred.outsideLungs().orElseThrow()).isCloseTo(0, within(1e-4));
        assertThat(centred.inBorder().orElseThrow()).isCloseTo(0, within(1e-4));
        assertThat(cornered.outsideLungs().orElseThrow()).isCloseTo(1, within(1e-4));
        assertThat(cornered.inBorder().orElseThrow()).isCloseTo(0.75, within(1e-4));
        assertThat(cornered.areaOutsideLungs()).hasValue(0.75);
        assertThat(audit.meanOutsideLungs().orElseThrow()).isCloseTo(0.5, within(1e-4));
        assertThat(audit.meanInBorder().orElseThrow()).isCloseTo(0.375, within(1e-4));
        assertThat(audit.worst(1)).containsExactly(cornered);
        EvidenceAudit.Finding finding = centred.finding().orElseThrow();
        assertThat(finding.hit()).isTrue();
        assertThat(finding.overlap()).isGreaterThan(0.9);
        assertThat(finding.area()).isEqualTo(1.0 / 16);
        assertThat(cornered.finding()).isEmpty();
        assertThat(audit.toText())
                .contains("2 images")
                .contains("outside the lungs: 50.0 % of the evidence, 75.0 % of the area")
                .contains("in the outer frame: 37.5 % of the evidence, 43.8 % of the area")
                .contains("marked findings, 1 images: hit rate 1.000", "6.3 % of the area")
                .containsSubsequence("marker.png", "good.png");
    }

    @Test
    void managesWithoutLungMasks() {
        LabelledImage image = write("image.png", 24, 24);
        EvidenceAudit audit = audit(cam(), Optional.empty(), 0.1, image);

        assertThat(audit.meanOutsideLungs()).isEmpty();
        assertThat(audit.images().get(0).outsideLungs()).isEmpty();
        assertThat(audit.meanInBorder()).isPresent();
        assertThat(audit.toText())
                .contains("outside the lungs unknown")
                .doesNotContain("outside the lungs:");
    }

    @Test
    void saysNothingAboutImagesWithoutEvidence() {
        OptionalDouble empty = OptionalDouble.empty();
        EvidenceAudit.Shares none =
                new EvidenceAudit.Shares(
                        "x", 0, empty, OptionalDouble.of(0.6), empty, Optional.empty());

        assertThat(new EvidenceAudit("CAM", "covid", 0.1, List.of(none)).meanInBorder()).isEmpty();
        assertThat(new EvidenceAudit("CAM", "covid", 0.1, List.of(none)).hitRate()).isEmpty();
    }

    @Test
    void refusesALungMaskOfAnotherSize() {
        LabelledImage image = write("image.png", 24, 24);
        Optional<PixelMask> small = Optional.of(PixelMask.of(8, 8, (x, y) -> true));
        assertRefusedNaming(() -> audit(cam(), small, 0.1, image), "8 x 8 mask");
    }
}
