package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * What a classifier reached on test images. Figures of a research model, not of a diagnostic
 * device.
 *
 * @param network the backbone's spec
 * @param provenance what made the classifier
 * @param threshold applied to the test images once; not fitted on them
 * @param testScores one entry a test image
 * @param thresholdScores what the threshold was chosen on, never test images; empty for a stored
 *     threshold
 */
public record EvaluationReport(
        BackboneSpec network,
        ModelProvenance provenance,
        DecisionThreshold threshold,
        List<ScoredImage> testScores,
        List<ScoredImage> thresholdScores) {

    /**
     * Copies and checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if the test images lack a class
     */
    public EvaluationReport {
        requireNonNull(network, "network is null");
        requireNonNull(provenance, "provenance is null");
        requireNonNull(threshold, "threshold is null");
        testScores = List.copyOf(testScores);
        thresholdScores = List.copyOf(thresholdScores);
        ScoredLabels.of(testScores).requireBothClasses("an evaluation");
    }

    /**
     * Labels and scores of the test images.
     *
     * @return in the order of the images
     */
    public ScoredLabels scores() {
        return ScoredLabels.of(testScores);
    }

    /**
     * The receiver operating characteristic.
     *
     * @return exact under ties
     */
    public RocCurve roc() {
        return RocCurve.of(scores());
    }

    /**
     * Precision against recall.
     *
     * @return exact under ties
     */
    public PrecisionRecallCurve precisionRecall() {
        return PrecisionRecallCurve.of(scores());
    }

    /**
     * Sensitivity, specificity and the other rates at the threshold, with 95 % Wilson intervals.
     *
     * @return rates with their counts
     */
    public BinaryRates rates() {
        return BinaryRates.of(ConfusionMatrix.at(scores(), threshold.value()));
    }

    /**
     * The same rates on what the threshold was chosen on. That they look better than {@link
     * #rates()} is to be expected.
     *
     * @return empty for a stored threshold
     */
    public Optional<BinaryRates> fittingRates() {
        return thresholdScores.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        BinaryRates.of(
                                ConfusionMatrix.at(
                                        ScoredLabels.of(thresholdScores), threshold.value())));
    }

    /**
     * The results as a table for a console.
     *
     * @return several lines, each ended
     */
    public String toText() {
        return new TextReport(this).toString();
    }
}
