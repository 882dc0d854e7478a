package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.provenance.ModelProvenance;

/**
 * One network of a report.
 *
 * @param name as the user calls it
 * @param slug the name as part of file names and page addresses
 * @param evaluation its provenance, threshold and scores
 * @param results computed from the evaluation
 * @param warnings reasons to be careful with the results
 * @param examples images furthest from the threshold
 * @param seeds this evaluation and others of the same recipe; empty if there is only this one
 */
record EvaluatedNetwork(
        String name,
        String slug,
        Evaluation evaluation,
        NetworkResults results,
        List<Warning> warnings,
        Examples examples,
        Optional<SeedRuns> seeds) {

    EvaluatedNetwork withSeeds(SeedRuns runs) {
        return new EvaluatedNetwork(
                name, slug, evaluation, results, warnings, examples, Optional.of(runs));
    }

    String anchor() {
        return "network-" + slug;
    }

    ModelProvenance provenance() {
        return evaluation.provenance();
    }

    /** Whether the backbone's weights are trained ones, not random. */
    boolean trained() {
        return provenance().weights().trained();
    }
}
