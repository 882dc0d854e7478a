package org.deepcovid.eval.report;

import static org.deepcovid.eval.report.ChecklistItem.BOTH;
import static org.deepcovid.eval.report.ChecklistItem.CLAIM;
import static org.deepcovid.eval.report.ChecklistItem.STARD;
import static org.deepcovid.eval.report.ChecklistItem.forAPerson;
import static org.deepcovid.eval.report.ChecklistItem.known;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;

/**
 * Questions in the manner of CLAIM (A. S. Tejani et al., 2024, doi 10.1148/ryai.240300) and
 * STARD-AI (V. Sounderajah et al., 2025, doi 10.1038/s41591-025-03953-8), in this project's own
 * words and not complete: a publication needs the originals.
 */
final class Checklist {

    private static final String DATA = "Data";
    private static final String REFERENCE = "Reference standard";
    private static final String MODEL = "Model and training";
    private static final String EVALUATION = "Evaluation";
    private static final String RESULTS = "Results";
    private static final String CONTEXT = "Context";

    private final Report study;
    private final List<ChecklistItem> items = new ArrayList<>();

    private Checklist(Report study) {
        this.study = study;
    }

    static List<ChecklistItem> of(Report study) {
        Checklist checklist = new Checklist(study);
        checklist.context();
        checklist.data();
        checklist.reference();
        checklist.model();
        checklist.evaluation();
        checklist.results();
        checklist.disclosure();
        return List.copyOf(checklist.items);
    }

    private void context() {
        items.add(
                known(
                        CONTEXT,
                        "What kind of machine learning is studied, and on what images?",
                        BOTH,
                        "Convolutional networks (%s) on chest radiographs, two classes"
                                .formatted(each(EvaluatedNetwork::name))));
        items.add(
                forAPerson(
                        CONTEXT,
                        "Which clinical question is asked, who would use the answer, and where in"
                                + " the care of a patient?",
                        BOTH));
        items.add(forAPerson(CONTEXT, "Which aims and hypotheses were set down beforehand?", BOTH));
        items.add(
                forAPerson(
                        CONTEXT,
                        "Were the images gathered before or after the study was planned?",
                        BOTH));
        items.add(
                known(
                        CONTEXT,
                        "Does the study develop, validate or compare models?",
                        CLAIM,
                        study.networks().size() > 1
                                ? "It fine-tunes and compares %d networks on one split"
                                        .formatted(study.networks().size())
                                : "It fine-tunes one network and tests it on one split"));
    }

    private void data() {
        List<LabelledImage> test = study.split().test();
        items.add(sources());
        items.add(
                forAPerson(
                        DATA,
                        "Who could be included and who was left out, where, when, and in what order"
                                + " (consecutive, random, by convenience)?",
                        BOTH));
        items.add(
                known(
                        DATA,
                        "How many images and people are in each part?",
                        BOTH,
                        DataSection.parts(study).rows().stream()
                                .map(
                                        row ->
                                                "%s: %s images (%s COVID), patients: %s"
                                                        .formatted(
                                                                row.get(0),
                                                                row.get(1),
                                                                row.get(2),
                                                                row.get(4)))
                                .collect(Collectors.joining("; "))));
        items.add(
                known(
                        DATA,
                        "How were the parts divided, and at which level are they disjoint?",
                        CLAIM,
                        DataSection.isTestOnly(study)
                                ? "Saved classifiers are tried on images that none was fitted to"
                                : test.stream().allMatch(LabelledImage::patientKnown)
                                        ? "By patient; no patient is in two parts"
                                        : "By file; patients are not known for all images, so that"
                                                + " one person may be in several parts"));
        items.add(
                known(
                        DATA,
                        "What was done to the images before the network saw them?",
                        CLAIM,
                        "Short side resized to the network's input, central square cut, samples"
                            + " normalised as the weights demand; 16-bit files reduced to 8 bits"));
        items.add(
                known(
                        DATA,
                        "What was done about missing or unreadable data?",
                        BOTH,
                        "Nothing was left out in silence: a file that cannot be read ends the run;"
                                + " attributes that a manifest lacks count as unknown"));
        items.add(forAPerson(DATA, "How was the number of images decided on?", BOTH));
        items.add(
                forAPerson(
                        DATA,
                        "How were identities removed, and which ethics board agreed to the use?",
                        BOTH));
    }

    private ChecklistItem sources() {
        String question = "Where do the images come from?";
        List<LabelledImage> test = study.split().test();
        if (!Subgroups.present(test).contains(Subgroups.SOURCE)) {
            return forAPerson(DATA, question, BOTH);
        }
        return known(
                DATA,
                question,
                BOTH,
                "Test images, by the manifest: "
                        + String.join(
                                ", ", new TreeSet<>(Subgroups.values(test, Subgroups.SOURCE))));
    }

    private void reference() {
        items.add(
                forAPerson(
                        REFERENCE,
                        "How was it established who had COVID-19, and why that way?",
                        BOTH));
        items.add(
                forAPerson(
                        REFERENCE,
                        "Who labelled the images, with what training, and how far did labellers"
                                + " agree?",
                        CLAIM));
        items.add(
                forAPerson(
                        REFERENCE,
                        "Did labellers know the network's scores, or the network's makers the"
                                + " labels of the test images?",
                        STARD));
    }

    private void model() {
        items.add(
                known(
                        MODEL,
                        "Which network, inputs and outputs?",
                        BOTH,
                        each(
                                n ->
                                        "%s: %s, %d pixels square; a score of COVID from 0 to 1"
                                                .formatted(
                                                        n.name(),
                                                        n.evaluation().network().architecture(),
                                                        n.evaluation().network().inputSize()))));
        items.add(
                known(
                        MODEL,
                        "How were the weights initialised?",
                        CLAIM,
                        each(
                                n ->
                                        "%s: %s, SHA-256 %s"
                                                .formatted(
                                                        n.name(),
                                                        made(n).weights().trained()
                                                                ? made(n).weights().name()
                                                                : "random",
                                                        made(n).weights().sha256()))));
        items.add(
                known(
                        MODEL,
                        "How was it trained, in enough detail to repeat it?",
                        BOTH,
                        each(n -> n.name() + ": " + RecipeText.name(made(n).config()))
                                + "; every setting stands with each network"));
        items.add(
                known(
                        MODEL,
                        "How was the final model chosen?",
                        CLAIM,
                        "The epoch with the least loss on validation images; no ensemble"));
        items.add(
                known(
                        MODEL,
                        "Which software and hardware?",
                        CLAIM,
                        each(n -> n.name() + ": " + made(n).environment().summary())));
    }

    private void evaluation() {
        items.add(
                known(
                        EVALUATION,
                        "Which measures of performance, with what uncertainty?",
                        BOTH,
                        "Area under the ROC curve (DeLong), average precision (patients resampled),"
                            + " rates (Wilson), calibration (Brier score, calibration error, slope"
                            + " and intercept), all at 95 %"));
        items.add(
                known(
                        EVALUATION,
                        "How was the threshold chosen, and was it fixed before the test?",
                        BOTH,
                        each(
                                n ->
                                        "%s: %s, on %s"
                                                .formatted(
                                                        n.name(),
                                                        n.evaluation().threshold().rule(),
                                                        n.evaluation().threshold().fittedOn()))));
        items.add(
                forAPerson(
                        EVALUATION,
                        "Are the test images from other institutions than the training images?",
                        BOTH));
        items.add(robustness());
        boolean explained = study.networks().stream().anyMatch(n -> n.explanation().isPresent());
        items.add(
                explained
                        ? known(
                                EVALUATION,
                                "How can a reader see what the network goes by, and was that"
                                        + " checked?",
                                CLAIM,
                                "Evidence maps of the most confident errors; whether such maps can"
                                        + " be trusted is for a person to judge")
                        : forAPerson(
                                EVALUATION,
                                "How can a reader see what the network goes by, and was that"
                                        + " checked?",
                                CLAIM));
    }

    private ChecklistItem robustness() {
        String question =
                "How robust are the results against other choices, other seeds, degraded images?";
        List<EvaluatedNetwork> seeded =
                study.networks().stream().filter(n -> n.seeds().isPresent()).toList();
        return seeded.isEmpty()
                ? forAPerson(EVALUATION, question, CLAIM)
                : known(
                        EVALUATION,
                        question,
                        CLAIM,
                        "Several seeds stand with %s; other choices and degraded images were not"
                                        .formatted(
                                                seeded.stream()
                                                        .map(EvaluatedNetwork::name)
                                                        .collect(Collectors.joining(", ")))
                                + " tried by this run");
    }

    private void results() {
        items.add(
                forAPerson(
                        RESULTS,
                        "How did images and people flow from the first selection to the analysis (a"
                                + " diagram)?",
                        BOTH));
        items.add(demographics());
        items.add(
                known(
                        RESULTS,
                        "What is the performance on test images?",
                        BOTH,
                        each(n -> n.name() + ": AUC " + Format.auc(n.results().auc()))));
        boolean grouped =
                study.networks().stream().anyMatch(n -> !n.results().subgroups().isEmpty());
        String groups = "Does it differ between groups of people or sources?";
        items.add(
                grouped
                        ? known(RESULTS, groups, STARD, "Tables by group stand with each network")
                        : forAPerson(RESULTS, groups, STARD));
        items.add(
                forAPerson(
                        RESULTS,
                        "Which images does it get wrong, and why? (The most confident errors are"
                                + " shown.)",
                        CLAIM));
    }

    private ChecklistItem demographics() {
        String question = "What are age, sex and severity in each part?";
        List<String> present = Subgroups.present(study.split().test());
        boolean told = present.contains(Subgroups.AGE) && present.contains("sex");
        return told
                ? known(
                        RESULTS,
                        question,
                        BOTH,
                        "Age and sex are tabulated under Data; severity is not known to this run")
                : forAPerson(RESULTS, question, BOTH);
    }

    private void disclosure() {
        String area = "Discussion and disclosure";
        items.add(
                known(
                        area,
                        "Which limits does the study have?",
                        BOTH,
                        "General ones are listed under Limits; those of this study are for a person"
                                + " to add"));
        items.add(
                forAPerson(area, "What would follow for practice, and what could go wrong?", BOTH));
        items.add(forAPerson(area, "Where is the study registered, where its protocol?", BOTH));
        items.add(forAPerson(area, "Where can code, model and data be had, on which terms?", BOTH));
        items.add(
                forAPerson(
                        area,
                        "Who paid, what part did they have, and which interests might conflict?",
                        BOTH));
    }

    private static ModelProvenance made(EvaluatedNetwork network) {
        return network.evaluation().provenance();
    }

    private String each(Function<EvaluatedNetwork, String> words) {
        return study.networks().stream().map(words).collect(Collectors.joining("; "));
    }
}
