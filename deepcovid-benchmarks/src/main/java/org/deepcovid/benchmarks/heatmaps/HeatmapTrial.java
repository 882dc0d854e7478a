package org.deepcovid.benchmarks.heatmaps;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deepcovid.core.data.Label;
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
import org.deepcovid.phantoms.PhantomDataset;

/**
 * Measures one method on phantoms with known opacities, for a trained and for randomised networks.
 * As a reference, each map is also compared with the opacities of every other phantom: hits there
 * come from where opacities usually are, not from the image.
 */
final class HeatmapTrial {

    private static final int STEPS = 10;
    private static final double FRAME = 0.1;
    private static final String COVID = Label.COVID.name();

    /**
     * Where the hottest place of one map is.
     *
     * @param own in the phantom's own opacities
     * @param others share of the other phantoms with opacities there
     * @param amongLungs whether the hottest place of the lungs is in the phantom's own opacities
     * @param border in the outer tenth
     * @param share of the evidence in the opacities
     */
    private record Pointing(
            boolean own,
            double others,
            boolean amongLungs,
            boolean lungs,
            boolean border,
            double share) {}

    /** Results of one image; the randomised networks in their order. */
    private record Outcome(
            Pointing trained,
            double outsideLungs,
            double overlap,
            double deletion,
            double insertion,
            double milliseconds,
            List<Pointing> randomised,
            double correlation) {}

    private final HeatmapMethod method;
    private final ExplainedModel trained;
    private final List<ExplainedModel> randomised;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** A trial; at least one randomised network. */
    HeatmapTrial(HeatmapMethod method, ExplainedModel trained, List<ExplainedModel> randomised) {
        this.method = method;
        this.trained = trained;
        this.randomised = List.copyOf(randomised);
    }

    /** Explains phantoms of one size, at least two. */
    HeatmapTrial run(PhantomDataset phantoms, List<LabelledImage> positives) {
        List<PixelMask> opacities = positives.stream().map(phantoms::opacities).toList();
        for (int i = 0; i < positives.size(); i++) {
            RasterImage pixels = ImageDecoder.decode(positives.get(i).file());
            outcomes.add(outcome(pixels, i, opacities, phantoms.lungs(positives.get(i))));
        }
        return this;
    }

    private Outcome outcome(RasterImage image, int number, List<PixelMask> all, PixelMask lungs) {
        long start = System.nanoTime();
        Heatmap map = method.explain(trained, image, COVID);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        List<Heatmap> others =
                randomised.stream().map(model -> method.explain(model, image, COVID)).toList();
        PixelMask opacities = all.get(number);
        return new Outcome(
                pointing(map, number, all, lungs),
                1 - HeatmapChecks.shareInside(map, lungs).orElse(0),
                HeatmapChecks.intersectionOverUnion(
                        map, opacities, HeatmapChecks.areaOf(map, opacities)),
                PerturbationCurve.deletion(trained, image, map, OcclusionFill.BLUR, STEPS).area(),
                PerturbationCurve.insertion(trained, image, map, OcclusionFill.BLUR, STEPS).area(),
                milliseconds,
                others.stream().map(other -> pointing(other, number, all, lungs)).toList(),
                others.stream()
                        .mapToDouble(other -> HeatmapChecks.rankCorrelation(map, other))
                        .average()
                        .orElseThrow());
    }

    private static Pointing pointing(
            Heatmap map, int number, List<PixelMask> all, PixelMask lungs) {
        long others =
                IntStream.range(0, all.size())
                        .filter(i -> i != number && HeatmapChecks.pointsInto(map, all.get(i)))
                        .count();
        return new Pointing(
                HeatmapChecks.pointsInto(map, all.get(number)),
                (double) others / (all.size() - 1),
                HeatmapChecks.pointsInto(map, all.get(number), lungs),
                HeatmapChecks.pointsInto(map, lungs),
                HeatmapChecks.pointsIntoBorder(map, FRAME),
                HeatmapChecks.shareInside(map, all.get(number)).orElse(0));
    }

    /** Pointing game of the trained network. */
    Proportion pointing() {
        long hits = outcomes.stream().filter(outcome -> outcome.trained().own()).count();
        return Proportion.of((int) hits, outcomes.size());
    }

    /** Pointing game of each randomised network. */
    DoubleSummaryStatistics randomisedPointing() {
        return IntStream.range(0, randomised.size())
                .mapToDouble(i -> mean(o -> o.randomised().get(i).own() ? 1 : 0))
                .summaryStatistics();
    }

    private double mean(ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElseThrow();
    }

    private double randomisedMean(ToDoubleFunction<Pointing> value) {
        return mean(o -> o.randomised().stream().mapToDouble(value).average().orElseThrow());
    }

    static String header() {
        return """
        | method | pointing game (95 % interval) | into other phantoms' opacities | among the lungs' places | share inside | share outside the lungs | IoU | deletion | insertion | ms |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;
    }

    /** A line of a Markdown table: the trained network. */
    String row() {
        Proportion hits = pointing();
        return String.format(
                Locale.ROOT,
                "| %s | %.3f (%.3f to %.3f) | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.0f"
                        + " |",
                method.title(),
                hits.estimate(),
                hits.interval().lower(),
                hits.interval().upper(),
                mean(o -> o.trained().others()),
                mean(o -> o.trained().amongLungs() ? 1 : 0),
                mean(o -> o.trained().share()),
                mean(Outcome::outsideLungs),
                mean(Outcome::overlap),
                mean(Outcome::deletion),
                mean(Outcome::insertion),
                mean(Outcome::milliseconds));
    }

    static String randomisedHeader() {
        return """
        | method, randomised network | networks | pointing game (lowest to highest) | into other phantoms' opacities | among the lungs' places | into the lungs | into the outer tenth | share inside | rank corr. with the trained |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;
    }

    /** A line of a Markdown table: the randomised networks. */
    String randomisedRow() {
        DoubleSummaryStatistics hits = randomisedPointing();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.3f (%.3f to %.3f) | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f |",
                method.title(),
                randomised.size(),
                hits.getAverage(),
                hits.getMin(),
                hits.getMax(),
                randomisedMean(Pointing::others),
                randomisedMean(p -> p.amongLungs() ? 1 : 0),
                randomisedMean(p -> p.lungs() ? 1 : 0),
                randomisedMean(p -> p.border() ? 1 : 0),
                randomisedMean(Pointing::share),
                mean(Outcome::correlation));
    }
}
