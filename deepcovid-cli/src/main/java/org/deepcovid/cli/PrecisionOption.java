package org.deepcovid.cli;

import java.util.Optional;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.training.RunOptions;
import picocli.CommandLine.Option;

/** The precision of the frozen network. */
final class PrecisionOption {

    private enum Choice {
        FLOAT32,
        BFLOAT16,
        AUTO
    }

    @Option(
            names = "--precision",
            paramLabel = "float32|bfloat16|auto",
            description =
                    "of the frozen network; bfloat16 is faster on newer processors and refused"
                            + " where it changes the scores; auto is bfloat16 on processors with"
                            + " AMX, else float32 (default ${DEFAULT-VALUE})")
    private Choice precision = Choice.AUTO;

    /** Says what another precision than float32 changes. */
    static void describe(Subcommand command, FineTuned run) {
        run.classifier()
                .provenance()
                .precisionCheck()
                .ifPresent(c -> command.remark("%s: %s", c.precision().id(), c.summary()));
    }

    RunOptions apply(RunOptions options) {
        return options.withPrecision(
                switch (precision) {
                    case FLOAT32 -> Optional.of(Precision.FLOAT32);
                    case BFLOAT16 -> Optional.of(Precision.BFLOAT16);
                    case AUTO -> Optional.empty();
                });
    }
}
