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
 * @param seeds this evaluation and others of the same recipe; empty if there is this one alone
 */
record EvaluatedNetwork(
        String name,
        String slug,
        Evaluation evaluation,
        NetworkResults results,
        List<ErrorExample> errors,
        List<ErrorExample> right,
        Optional<String> explanation,
        Optional<SeedRuns> seeds) {

    EvaluatedNetwork {
        errors = List.copyOf(errors);
        right = List.copyOf(right);
    }

    EvaluatedNetwork withSeeds(SeedRuns runs) {
        return new EvaluatedNetwork(
                name, slug, evaluation, results, errors, right, explanation, Optional.of(runs));
    }

    String anchor() {
        return "network-" + slug;
    }
}
