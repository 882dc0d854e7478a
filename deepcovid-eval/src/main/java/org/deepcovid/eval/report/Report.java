package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.eval.audit.ShortcutAudit;

/**
 * One or several networks evaluated on the test part of one split; {@link ReportWriter} writes it.
 * Immutable; a long run can write it after each network.
 *
 * <p>Adding a network computes its numbers, with 2000 resamplings by patient (200 above 50 000
 * images), and reads the few images that the report shows.
 */
public final class Report {

    /** Default number of errors of each class that a report shows. */
    public static final int DEFAULT_ERRORS = 6;

    private static final int DEFAULT_RIGHT = 2;

    private final String title;
    private final String dataset;
    private final DatasetSplit split;
    private final DataFingerprint test;
    private Optional<XrayDataset.Survey> survey = Optional.empty();
    private List<EvaluatedNetwork> networks = List.of();
    private List<String> pending = List.of();
    private List<PublishedResult> published = List.of();
    private List<String> notes = List.of();
    private Optional<FoldResults> folds = Optional.empty();
    private Optional<StressTest> stress = Optional.empty();
    private int errors = DEFAULT_ERRORS;
    private int right = DEFAULT_RIGHT;

    private Report(String title, String dataset, DatasetSplit split, DataFingerprint test) {
        this.title = requireNonNull(title, "title is null");
        this.dataset = requireNonNull(dataset, "dataset is null");
        this.split = split;
        this.test = test;
    }

    private Report copy() {
        Report copy = new Report(title, dataset, split, test);
        copy.survey = survey;
        copy.networks = networks;
        copy.pending = pending;
        copy.published = published;
        copy.notes = notes;
        copy.folds = folds;
        copy.stress = stress;
        copy.errors = errors;
        copy.right = right;
        return copy;
    }

    /**
     * A report without networks. Hashes every test file for the fingerprint.
     *
     * @param title one line
     * @param dataset name of the dataset, such as its folder
     * @param split the test part has both classes
     * @return an empty report; {@link #with} adds networks
     */
    public static Report of(String title, String dataset, DatasetSplit split) {
        return new Report(title, dataset, split, DataFingerprint.of(split.labels(), split.test()));
    }

    /**
     * Adds how the dataset was read: the section on the data and the model cards name the layout,
     * the rules and the numbers of images left out.
     *
     * @param read the dataset that the split was made of
     */
    public Report withSurvey(XrayDataset.Survey read) {
        Report copy = copy();
        copy.survey = Optional.of(read);
        return copy;
    }

    /**
     * Adds a network.
     *
     * @param name in the report; differs from the names of the others
     * @param evaluation of this report's test images
     * @throws IllegalArgumentException if the name is taken or blank, or the evaluation is of other
     *     images or labels
     */
    public Report with(String name, Evaluation evaluation) {
        return with(name, evaluation, OverlaySupplier.NONE);
    }

    /**
     * Adds a network, with overlays on the images that the report shows, such as heatmaps.
     *
     * @param name in the report; differs from the names of the others
     * @param evaluation of this report's test images
     * @param overlays called at once for the images that the report shows, and not kept
     * @throws IllegalArgumentException if the name is taken or blank, or the evaluation is of other
     *     images or labels
     */
    public Report with(String name, Evaluation evaluation, OverlaySupplier overlays) {
        String slug = slug(name);
        if (networks.stream().anyMatch(known -> known.slug().equals(slug))) {
            throw new IllegalArgumentException(
                    "network '%s': the report has one of that name; choose another"
                            .formatted(name));
        }
        requireSameImages(name, evaluation);
        NetworkResults results = NetworkResults.of(evaluation);
        List<EvaluatedNetwork> more = new ArrayList<>(networks);
        more.add(
                new EvaluatedNetwork(
                        name,
                        slug,
                        evaluation,
                        results,
                        Warnings.ofNetwork(evaluation, results.subgroups(), results.sources()),
                        Examples.of(evaluation, split.test(), overlays, errors, right),
                        Optional.empty()));
        Report copy = copy();
        copy.networks = List.copyOf(more);
        copy.pending = pending.stream().filter(other -> !other.equals(name)).toList();
        return copy;
    }

    /**
     * Adds further trainings of a network with the same recipe, which differ in their seed only;
     * the report then shows the variation between trainings.
     *
     * @param name of a network that was added before
     * @param others evaluations of this report's test images, each of another seed; where the
     *     network is a mean of heads, those of all its members
     * @throws IllegalArgumentException if there is no network of that name, or the evaluations
     *     differ in more than the seed, or have the same seed
     */
    public Report withSeeds(String name, List<Evaluation> others) {
        List<EvaluatedNetwork> changed = new ArrayList<>();
        boolean found = false;
        for (EvaluatedNetwork network : networks) {
            if (network.name().equals(name)) {
                found = true;
                List<Evaluation> all = new ArrayList<>();
                if (network.evaluation().provenance().config().seeds() == 1) {
                    all.add(network.evaluation());
                }
                all.addAll(others);
                changed.add(network.withSeeds(SeedRuns.of(all)));
            } else {
                changed.add(network);
            }
        }
        if (!found) {
            throw new IllegalArgumentException(
                    "there is no network '%s' to add seeds to; add it first (Report.with)"
                            .formatted(name));
        }
        Report copy = copy();
        copy.networks = List.copyOf(changed);
        return copy;
    }

    private static String slug(String name) {
        String slug =
                name.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-+|-+$", "");
        if (slug.isEmpty()) {
            throw new IllegalArgumentException(
                    "network name is '%s'; expected at least one letter from a to z or digit"
                            .formatted(name));
        }
        return slug;
    }

    private void requireSameImages(String name, Evaluation evaluation) {
        LabelSet expectedLabels =
                networks.isEmpty() ? evaluation.labels() : networks.get(0).evaluation().labels();
        if (!evaluation.labels().equals(expectedLabels)
                || !evaluation.labels().positive().equals(labels().positive())) {
            throw new IllegalArgumentException(
                    ("network '%s' has the labels %s, positive %s; expected those of the other"
                                    + " networks, and the positive label %s of the dataset")
                            .formatted(
                                    name,
                                    evaluation.labels().labels(),
                                    evaluation.labels().positive(),
                                    labels().positive()));
        }
        List<String> expected = split.test().stream().map(LabelledImage::id).toList();
        List<String> found = evaluation.testScores().stream().map(ScoredImage::imageId).toList();
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    ("network '%s' was evaluated on %d images that are not the %d test images of"
                                    + " this report, in their order; evaluate it on the same split")
                            .formatted(name, found.size(), expected.size()));
        }
    }

    /**
     * Names networks that are still being evaluated, so that a report written before says that it
     * is unfinished. {@link #with} removes the name of the network that it adds.
     *
     * @param names of the networks to come
     */
    public Report withPending(List<String> names) {
        Report copy = copy();
        copy.pending = List.copyOf(names);
        return copy;
    }

    /**
     * Adds published results, shown beside those of networks of the same architecture.
     *
     * @param results of a paper
     */
    public Report withPublished(List<PublishedResult> results) {
        Report copy = copy();
        copy.published = List.copyOf(results);
        return copy;
    }

    /**
     * Adds a remark, shown at the top of the report.
     *
     * @param note one or several sentences
     */
    public Report withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(requireNonNull(note, "note is null"));
        Report copy = copy();
        copy.notes = List.copyOf(more);
        return copy;
    }

    /** Adds a section with the results on altered test images. */
    public Report withStress(StressTest test) {
        Report copy = copy();
        copy.stress = Optional.of(test);
        return copy;
    }

    /** Adds a section with the results of cross-validation on images outside the test part. */
    public Report withCrossValidation(CrossValidation results) {
        Report copy = copy();
        copy.folds = Optional.of(FoldResults.of(results));
        return copy;
    }

    /**
     * Sets how many images the report shows of networks added later: of each class those furthest
     * from the threshold.
     *
     * @param wrong called wrongly, {@value #DEFAULT_ERRORS} by default
     * @param rightly called correctly, 2 by default
     * @throws IllegalArgumentException if a number is negative
     */
    public Report withExamples(int wrong, int rightly) {
        if (wrong < 0 || rightly < 0) {
            throw new IllegalArgumentException(
                    "numbers of wrong and right examples are %d and %d; expected 0 or more"
                            .formatted(wrong, rightly));
        }
        Report copy = copy();
        copy.errors = wrong;
        copy.right = rightly;
        return copy;
    }

    /**
     * The networks side by side: areas and rates with 95 % intervals, and for each pair DeLong's
     * and McNemar's tests, p-values adjusted by Holm for the number of pairs.
     *
     * @return lines of at most 140 characters, numbers with a point
     */
    public String comparison() {
        return ComparisonText.of(this);
    }

    String title() {
        return title;
    }

    String dataset() {
        return dataset;
    }

    DatasetSplit split() {
        return split;
    }

    /** The labels of the dataset. */
    LabelSet labels() {
        return split.labels();
    }

    DataFingerprint testFingerprint() {
        return test;
    }

    /** How the dataset was read, one sentence each; empty if that is not known. */
    List<String> reading() {
        return survey.stream()
                .flatMap(read -> read.readings().stream())
                .flatMap(source -> source.describe().stream())
                .map(String::strip)
                .toList();
    }

    Optional<XrayDataset.Survey> survey() {
        return survey;
    }

    Optional<FoldResults> folds() {
        return folds;
    }

    List<EvaluatedNetwork> networks() {
        return networks;
    }

    List<String> pending() {
        return pending;
    }

    List<PublishedResult> published() {
        return published;
    }

    List<String> notes() {
        return notes;
    }

    /** The audit of the first network that has one. */
    Optional<ShortcutAudit.Result> shortcuts() {
        return networks.stream()
                .flatMap(network -> network.evaluation().shortcuts().stream())
                .findFirst();
    }

    Optional<StressTest> stress() {
        return stress;
    }
}
