package org.deepcovid.cli;

import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import picocli.CommandLine.Option;

/** A threshold other than the classifier's own. */
class ThresholdOption {

    @Option(
            names = "--threshold",
            paramLabel = "SCORE",
            description = "lowest score called positive (default: the classifier's threshold)")
    private Double threshold;

    /** The classifier with the given threshold, or as it is. */
    final CovidClassifier applyTo(CovidClassifier classifier, Subcommand command) {
        if (threshold == null) {
            return classifier;
        }
        if (!(threshold >= 0 && threshold <= 1)) { // NaN fails too
            throw command.usage("--threshold is %s; expected 0 to 1, such as 0.5", threshold);
        }
        return classifier.withThreshold(
                new DecisionThreshold(threshold, "given on the command line", "no images"));
    }
}
