package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.model.LinearHead;

/**
 * Result of a fine-tuning.
 *
 * @param head head of the chosen epoch
 * @param chosenEpoch the epoch with the least validation loss, from 1
 * @param history one entry per epoch
 * @param validationScores the validation images, scored by the chosen head
 * @param trainedLayers names of the backbone's layers that were trained, in the graph's order;
 *     empty if the head alone was
 * @param crossFitting scores the training images too; holds the features of this run
 * @param inputCheck description of the images; empty if they were too few
 * @param members the results whose heads' mean this head is, the first of which has this result's
 *     history; empty for a single head
 */
public record FineTuneResult(
        LinearHead head,
        int chosenEpoch,
        List<EpochSummary> history,
        List<ScoredImage> validationScores,
        List<String> trainedLayers,
        CrossFitting crossFitting,
        Optional<InputCheck> inputCheck,
        List<FineTuneResult> members) {

    public FineTuneResult {
        requireNonNull(head, "head is null");
        history = List.copyOf(history);
        validationScores = List.copyOf(validationScores);
        trainedLayers = List.copyOf(trainedLayers);
        requireNonNull(crossFitting, "crossFitting is null");
        requireNonNull(inputCheck, "inputCheck is null");
        members = List.copyOf(members);
    }
}
