package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.provenance.DataFingerprint;

/**
 * Images of each part of the split.
 *
 * @param parts training, validation, test; also empty ones
 * @param attributes counts by the value of each attribute that some image has
 */
record DataSummary(List<Part> parts, List<Attribute> attributes) {

    private static final List<SplitPart> PARTS =
            List.of(SplitPart.TRAIN, SplitPart.VALIDATION, SplitPart.TEST);

    /**
     * One part.
     *
     * @param part which one
     * @param count of its images
     * @param patients number of patients, in words where some are unknown
     * @param use by the networks of the report
     */
    record Part(SplitPart part, Count count, String patients, String use) {

        String name() {
            return switch (part) {
                case TRAIN -> "training";
                case VALIDATION -> "validation";
                case TEST -> "test";
            };
        }
    }

    /**
     * Numbers of images.
     *
     * @param images all
     * @param byLabel one for each label, the positive one first
     */
    record Count(int images, List<Integer> byLabel) {

        private static Count of(LabelSet labels, List<LabelledImage> images) {
            return new Count(
                    images.size(),
                    labels.positiveFirst().stream()
                            .map(
                                    label ->
                                            (int)
                                                    images.stream()
                                                            .filter(i -> i.label().equals(label))
                                                            .count())
                            .toList());
        }

        int positive() {
            return byLabel.get(0);
        }
    }

    /**
     * One attribute of a manifest.
     *
     * @param name its column
     * @param values in order
     */
    record Attribute(String name, List<Value> values) {}

    /**
     * One value of an attribute.
     *
     * @param value the value
     * @param counts one for each of {@link DataSummary#present()}
     */
    record Value(String value, List<Count> counts) {}

    static DataSummary of(Report report) {
        List<Part> parts = new ArrayList<>();
        List<LabelledImage> all = new ArrayList<>();
        for (SplitPart part : PARTS) {
            List<LabelledImage> images = report.split().byPart().get(part);
            all.addAll(images);
            Count count = Count.of(report.labels(), images);
            parts.add(new Part(part, count, patients(images), use(part, report)));
        }
        List<Attribute> attributes = new ArrayList<>();
        for (String name : Subgroups.present(all)) {
            List<Value> values = new ArrayList<>();
            for (String value : new TreeSet<>(Subgroups.values(all, name))) {
                values.add(new Value(value, counts(report, name, value)));
            }
            attributes.add(new Attribute(name, values));
        }
        return new DataSummary(List.copyOf(parts), List.copyOf(attributes));
    }

    private static List<Count> counts(Report report, String attribute, String value) {
        return PARTS.stream()
                .map(part -> report.split().byPart().get(part))
                .filter(images -> !images.isEmpty())
                .map(
                        images ->
                                images.stream()
                                        .filter(i -> Subgroups.value(i, attribute).equals(value))
                                        .toList())
                .map(images -> Count.of(report.labels(), images))
                .toList();
    }

    /** The images of all parts. */
    int images() {
        return parts.stream().mapToInt(part -> part.count().images()).sum();
    }

    Count test() {
        return parts.get(PARTS.indexOf(SplitPart.TEST)).count();
    }

    /** The parts that hold images. */
    List<Part> present() {
        return parts.stream().filter(part -> part.count().images() > 0).toList();
    }

    /** Whether saved classifiers were tested on a dataset that none was fitted on. */
    boolean isTestOnly() {
        return present().stream().allMatch(part -> part.part() == SplitPart.TEST);
    }

    private static String patients(List<LabelledImage> images) {
        long unknown = images.stream().filter(image -> !image.patientKnown()).count();
        long known =
                images.stream()
                        .filter(LabelledImage::patientKnown)
                        .map(LabelledImage::patient)
                        .distinct()
                        .count();
        if (unknown == 0) {
            return String.valueOf(known);
        }
        return unknown == images.size()
                ? "unknown"
                : "%d, and %d images of unknown patients".formatted(known, unknown);
    }

    private static String use(SplitPart part, Report report) {
        List<Evaluation> evaluations =
                report.networks().stream().map(EvaluatedNetwork::evaluation).toList();
        return switch (part) {
            case TRAIN -> trainingUse(evaluations, fingerprint(report, part));
            case VALIDATION -> validationUse(evaluations, fingerprint(report, part));
            case TEST -> "the results of this report";
        };
    }

    private static DataFingerprint fingerprint(Report report, SplitPart part) {
        return DataFingerprint.of(report.split().labels(), report.split().byPart().get(part));
    }

    private static String trainingUse(List<Evaluation> evaluations, DataFingerprint images) {
        if (evaluations.stream().noneMatch(e -> e.provenance().training().equals(images))) {
            return "nothing in this report: the networks were fitted on other images";
        }
        String fitting =
                evaluations.stream().anyMatch(e -> !e.provenance().trainedLayers().isEmpty())
                        ? "fitting the layers that the training section names"
                        : "fitting the last layer";
        boolean crossFitted =
                evaluations.stream()
                        .anyMatch(
                                e ->
                                        e.thresholdScores().size()
                                                > e.provenance().validation().images());
        return crossFitted
                ? fitting
                        + "; choosing the threshold, each image scored by a layer fitted without it"
                : fitting;
    }

    private static String validationUse(List<Evaluation> evaluations, DataFingerprint images) {
        boolean epoch =
                evaluations.stream().anyMatch(e -> e.provenance().validation().equals(images));
        boolean threshold = evaluations.stream().anyMatch(e -> !e.thresholdScores().isEmpty());
        if (epoch) {
            return threshold ? "choosing the epoch and the threshold" : "choosing the epoch";
        }
        return threshold
                ? "choosing the threshold"
                : "nothing in this report: epoch and threshold came with the classifier";
    }
}
