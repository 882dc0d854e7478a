package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;

/**
 * One network of a study.
 *
 * @param name as the user calls it
 * @param slug the name as part of file names and page addresses
 * @param evaluation what it was and how it scored
 * @param results the numbers
 * @param errors the most confident errors
 * @param right the most confident right calls, if they were asked for
 * @param explanation what the pictures beside the images show; empty if there are none
 */
record EvaluatedNetwork(
        String name,
        String slug,
        EvaluationReport evaluation,
        NetworkResults results,
        List<ErrorExample> errors,
        List<ErrorExample> right,
        Optional<String> explanation) {

    EvaluatedNetwork {
        errors = List.copyOf(errors);
        right = List.copyOf(right);
    }

    String anchor() {
        return "network-" + slug;
    }
}
