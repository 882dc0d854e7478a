package org.deepcovid.cli;

import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.training.RunOptions;
import picocli.CommandLine.Option;

/** Whether a run goes on with near copies of images that have different labels or parts. */
final class NearCopyOption {

    @Option(
            names = "--near-copies",
            paramLabel = "refuse|allow",
            description =
                    "images that show the same picture (resized, slightly cropped, brighter, ...)"
                            + " with different labels or in different parts (default"
                            + " ${DEFAULT-VALUE})")
    private NearCopies.Policy policy = NearCopies.Policy.REFUSE;

    /** Refuses near copies in images that have been decoded. */
    void check(DatasetSplit split) {
        split.requireSeparatePictures(policy);
    }

    RunOptions apply(RunOptions options) {
        return options.withNearCopies(policy);
    }
}
