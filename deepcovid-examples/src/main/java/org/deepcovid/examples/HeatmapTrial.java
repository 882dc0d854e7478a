package org.deepcovid.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapChecks;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.OcclusionFill;
import org.deepcovid.eval.explain.PerturbationCurve;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.examples.phantom.PhantomDataset;

/** Tries one method on phantoms whose opacities are known, and on a randomised network. */
final class HeatmapTrial {

    private static final int STEPS = 10;
    private static final String COVID = CovidLabel.COVID.folderName();

    /** What one image showed. */
    private record Outcome(
            boolean hit,
            boolean randomisedHit,
            double share,
            double outsideLungs,
            double overlap,
            double deletion,
            double insertion,
            double correlation,
            double milliseconds) {}

    private final HeatmapMethod method;
    private final ExplainedModel trained;
    private final ExplainedModel randomised;
    private final List<Outcome> outcomes = new ArrayList<>();

    HeatmapTrial(HeatmapMethod method, ExplainedModel trained, ExplainedModel randomised) {
        this.method = method;
        this.trained = trained;
        this.randomised = randomised;
    }

    HeatmapTrial run(PhantomDataset phantoms, List<LabelledImage> positives) {
        for (LabelledImage image : positives) {
            RasterImage pixels = ImageDecoder.decode(image.file());
            outcomes.add(outcome(pixels, phantoms.opacities(image), phantoms.lungs(image)));
        }
        return this;
    }

    private Outcome outcome(RasterImage image, PixelMask opacities, PixelMask lungs) {
        long start = System.nanoTime();
        Heatmap map = method.explain(trained, image, COVID);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        Heatmap other = method.explain(randomised, image, COVID);
        return new Outcome(
                HeatmapChecks.pointsInto(map, opacities),
                HeatmapChecks.pointsInto(other, opacities),
                HeatmapChecks.shareInside(map, opacities).orElse(0),
                1 - HeatmapChecks.shareInside(map, lungs).orElse(0),
                HeatmapChecks.intersectionOverUnion(
                        map, opacities, HeatmapChecks.areaOf(map, opacities)),
                PerturbationCurve.deletion(trained, image, map, OcclusionFill.BLUR, STEPS).area(),
                PerturbationCurve.insertion(trained, image, map, OcclusionFill.BLUR, STEPS).area(),
                HeatmapChecks.rankCorrelation(map, other),
                milliseconds);
    }

    /** Pointing game of the trained network. */
    Proportion pointing() {
        return Proportion.of((int) outcomes.stream().filter(Outcome::hit).count(), outcomes.size());
    }

    /** Pointing game of the randomised network. */
    Proportion randomisedPointing() {
        return Proportion.of(
                (int) outcomes.stream().filter(Outcome::randomisedHit).count(), outcomes.size());
    }

    private double mean(ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElseThrow();
    }

    static String header() {
        return """
        | method | pointing game (95 % interval) | share inside | share outside the lungs | IoU | deletion | insertion | randomised: pointing | randomised: rank corr. | ms |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;
    }

    /** A line of a Markdown table. */
    String row() {
        Proportion hits = pointing();
        return String.format(
                Locale.ROOT,
                "| %s | %.3f (%.3f to %.3f) | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f | %.0f"
                        + " |",
                method.title(),
                hits.estimate(),
                hits.interval().lower(),
                hits.interval().upper(),
                mean(Outcome::share),
                mean(Outcome::outsideLungs),
                mean(Outcome::overlap),
                mean(Outcome::deletion),
                mean(Outcome::insertion),
                randomisedPointing().estimate(),
                mean(Outcome::correlation),
                mean(Outcome::milliseconds));
    }
}
