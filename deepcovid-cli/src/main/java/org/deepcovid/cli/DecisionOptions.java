package org.deepcovid.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.decision.ReviewRule;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Option;

/** Options of calibration and reviews. */
final class DecisionOptions {

    @Option(
            names = "--calibrate",
            paramLabel = "METHOD",
            description =
                    "calibrate the scores: temperature, platt or none (default ${DEFAULT-VALUE})")
    private CalibrationChoice calibration;

    @Option(
            names = "--review",
            paramLabel = "RULE",
            description =
                    "call scores near the threshold 'review': rates:SENSITIVITY:SPECIFICITY, which"
                            + " the other images reach, or share:SHARE, of the images (default:"
                            + " none)")
    private String review;

    DecisionOptions() {
        this(CalibrationChoice.NONE);
    }

    DecisionOptions(CalibrationChoice usual) {
        calibration = usual;
    }

    DecisionPolicy policy(Subcommand command, ThresholdRule rule) {
        DecisionPolicy policy = DecisionPolicy.of(rule).withCalibration(calibration);
        return review == null ? policy : policy.withReview(review(command));
    }

    private ReviewRule review(Subcommand command) {
        Map<String, Function<double[], ReviewRule>> forms = new LinkedHashMap<>();
        forms.put("rates:SENSITIVITY:SPECIFICITY", n -> ReviewRule.reaching(n[0], n[1]));
        forms.put("share:SHARE", n -> ReviewRule.nearest(n[0]));
        return Recipe.choice(command, "--review", review, forms);
    }
}
