package org.deepcovid.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the rule that chooses the threshold. */
final class RuleOptions {

    @Mixin private final Sensitivity sensitivity = new Sensitivity(0.95);

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description =
                    "how the threshold is chosen: sensitivity:SHARE, specificity:SHARE, youden,"
                            + " cost:MISS:FALSE-ALARM or fixed:THRESHOLD (default: --sensitivity)")
    private String rule;

    ThresholdRule rule(Subcommand command) {
        if (rule == null) {
            return sensitivity.rule(command);
        }
        if (command.isGiven("--sensitivity")) {
            throw command.usage("--rule and --sensitivity are given; expected one of them");
        }
        Map<String, Function<double[], ThresholdRule>> forms = new LinkedHashMap<>();
        forms.put("sensitivity:SHARE", n -> ThresholdRule.sensitivityAtLeast(n[0]));
        forms.put("specificity:SHARE", n -> ThresholdRule.specificityAtLeast(n[0]));
        forms.put("youden", n -> ThresholdRule.youdenIndex());
        forms.put("cost:MISS:FALSE-ALARM", n -> ThresholdRule.costWeighted(n[0], n[1]));
        forms.put("fixed:THRESHOLD", n -> ThresholdRule.fixed(n[0]));
        return Recipe.choice(command, "--rule", rule, forms);
    }
}
