package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.provenance.DataFingerprint;

/** Which images there were, and in which part. */
final class DataSection {

    private static final List<SplitPart> PARTS =
            List.of(SplitPart.TRAIN, SplitPart.VALIDATION, SplitPart.TEST);

    private DataSection() {}

    static void write(Html html, Report study) {
        html.open("section", "id", "data").element("h2", "Data");
        html.open("p").text("Dataset: ").element("code", study.dataset()).text(".").close();
        parts(study).write(html);
        html.open("p")
                .text(
                        isTestOnly(study)
                                ? "No image of this dataset was fitted to; what each network was"
                                        + " fitted to stands with it. "
                                : "No person is in two parts, as far as the dataset tells whom an"
                                        + " image shows. ")
                .text("The test part's fingerprint, over ids, labels and file contents, is ")
                .element("code", study.testFingerprint().sha256())
                .text("; those of the other parts are listed with each network.")
                .close();
        attributes(study).forEach(table -> table.write(html));
        html.close();
    }

    /** Whether saved classifiers were tried on images that none was fitted to. */
    static boolean isTestOnly(Report study) {
        return study.split().training().isEmpty() && study.split().validation().isEmpty();
    }

    /** The parts that hold images. */
    private static List<SplitPart> present(Report study) {
        return PARTS.stream().filter(part -> !study.split().byPart().get(part).isEmpty()).toList();
    }

    static HtmlTable parts(Report study) {
        HtmlTable table =
                new HtmlTable("Parts", "part", "images", "COVID", "other", "patients", "used for");
        Map<SplitPart, List<LabelledImage>> byPart = study.split().byPart();
        for (SplitPart part : present(study)) {
            List<LabelledImage> images = byPart.get(part);
            int covid = count(images, Label.COVID);
            table.row(
                    name(part),
                    String.valueOf(images.size()),
                    String.valueOf(covid),
                    String.valueOf(images.size() - covid),
                    patients(images),
                    use(part, study));
        }
        return table;
    }

    static int count(List<LabelledImage> images, Label label) {
        return (int) images.stream().filter(image -> image.label().equals(label)).count();
    }

    static String patients(List<LabelledImage> images) {
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
                : "%d, and %d images of unknown ones".formatted(known, unknown);
    }

    private static String name(SplitPart part) {
        return switch (part) {
            case TRAIN -> "training";
            case VALIDATION -> "validation";
            case TEST -> "test";
        };
    }

    private static String use(SplitPart part, Report study) {
        boolean crossFitted =
                study.networks().stream()
                        .map(EvaluatedNetwork::evaluation)
                        .anyMatch(
                                e ->
                                        e.thresholdScores().size()
                                                > e.provenance().validation().images());
        boolean moreThanTheHead =
                study.networks().stream()
                        .map(EvaluatedNetwork::evaluation)
                        .anyMatch(e -> !e.provenance().trainedLayers().isEmpty());
        String fitting =
                moreThanTheHead
                        ? "fitting the layers that the training section names"
                        : "fitting the last layer";
        return switch (part) {
            case TRAIN ->
                    crossFitted
                            ? fitting
                                    + "; choosing the threshold, each image scored by"
                                    + " a layer fitted without it"
                            : fitting;
            case VALIDATION -> validationUse(study);
            case TEST -> "the figures of this report, once";
        };
    }

    private static String validationUse(Report study) {
        DataFingerprint print = DataFingerprint.of(study.split().validation());
        boolean epoch =
                study.networks().stream()
                        .anyMatch(n -> n.evaluation().provenance().validation().equals(print));
        boolean threshold =
                study.networks().stream()
                        .anyMatch(n -> !n.evaluation().thresholdScores().isEmpty());
        if (epoch) {
            return threshold ? "choosing the epoch and the threshold" : "choosing the epoch";
        }
        return threshold
                ? "choosing the threshold"
                : "nothing in this report: epoch and threshold came with the classifier";
    }

    /** One table an attribute: how often each value occurs in each part. */
    private static List<HtmlTable> attributes(Report study) {
        Map<SplitPart, List<LabelledImage>> byPart = study.split().byPart();
        List<LabelledImage> all = new ArrayList<>();
        PARTS.forEach(part -> all.addAll(byPart.get(part)));
        List<HtmlTable> tables = new ArrayList<>();
        for (String attribute : Subgroups.present(all)) {
            Set<String> values = new TreeSet<>(Subgroups.values(all, attribute));
            List<String> columns = new ArrayList<>(List.of(attribute));
            present(study).forEach(part -> columns.add(name(part)));
            HtmlTable table =
                    new HtmlTable("Images by " + attribute, columns.toArray(String[]::new));
            for (String value : values) {
                List<String> row = new ArrayList<>();
                row.add(value);
                for (SplitPart part : present(study)) {
                    List<LabelledImage> images =
                            byPart.get(part).stream()
                                    .filter(i -> Subgroups.value(i, attribute).equals(value))
                                    .toList();
                    row.add("%d (%d COVID)".formatted(images.size(), count(images, Label.COVID)));
                }
                table.row(row.toArray(String[]::new));
            }
            tables.add(table);
        }
        return tables;
    }
}
