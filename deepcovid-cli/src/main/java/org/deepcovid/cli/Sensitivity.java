package org.deepcovid.cli;

import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Option;

/** The option for the rule that chooses the threshold of a fine-tuned classifier. */
final class Sensitivity {

    @Option(
            names = "--sensitivity",
            paramLabel = "SHARE",
            description =
                    "sensitivity that the threshold reaches on out-of-fold scores (default"
                            + " ${DEFAULT-VALUE})")
    private double sensitivity;

    Sensitivity(double usual) {
        sensitivity = usual;
    }

    ThresholdRule rule(Subcommand command) {
        return rule(command, sensitivity);
    }

    static ThresholdRule rule(Subcommand command, double sensitivity) {
        if (!(sensitivity > 0 && sensitivity <= 1)) {
            throw command.usage(
                    "--sensitivity is %s; expected more than 0 and at most 1", sensitivity);
        }
        return ThresholdRule.sensitivityAtLeast(sensitivity);
    }
}
