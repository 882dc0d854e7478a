package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Results on images that were all altered in one way, with 95 % intervals for independent images.
 *
 * @param alteration empty for the images as they are
 * @param auc area under the ROC curve; empty for images of one class
 * @param rates at the threshold
 * @param flips images that are called otherwise than unaltered
 * @param unlike images marked as unlike the training images; empty if they were not checked
 */
public record StressResult(
        Optional<Alteration> alteration,
        Optional<AucEstimate> auc,
        BinaryRates rates,
        Proportion flips,
        Optional<Proportion> unlike) {

    public StressResult {
        requireNonNull(alteration, "alteration is null");
        requireNonNull(auc, "auc is null");
        requireNonNull(rates, "rates is null");
        requireNonNull(flips, "flips is null");
        requireNonNull(unlike, "unlike is null");
    }

    /**
     * Computes the results.
     *
     * @param plain scores of the images as they are
     * @param altered scores of the altered images, in the same order
     */
    static StressResult of(
            Optional<Alteration> alteration,
            List<ScoredImage> plain,
            List<ScoredImage> altered,
            double threshold) {
        ScoredLabels scores = ScoredLabels.of(altered);
        int flips =
                (int)
                        IntStream.range(0, plain.size())
                                .filter(
                                        i ->
                                                plain.get(i).positiveProbability() >= threshold
                                                        != altered.get(i).positiveProbability()
                                                                >= threshold)
                                .count();
        int unlike = (int) altered.stream().filter(ScoredImage::isUnlike).count();
        return new StressResult(
                alteration,
                scores.hasBothClasses()
                        ? Optional.of(RocCurve.of(scores).aucEstimate())
                        : Optional.empty(),
                BinaryRates.of(ConfusionMatrix.at(scores, threshold)),
                Proportion.of(flips, altered.size()),
                altered.get(0).distance().isPresent()
                        ? Optional.of(Proportion.of(unlike, altered.size()))
                        : Optional.empty());
    }

    /** The alteration in words. */
    public String name() {
        return alteration.map(Alteration::description).orElse("as they are");
    }
}
