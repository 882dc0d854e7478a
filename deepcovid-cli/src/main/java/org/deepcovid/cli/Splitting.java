package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.ImageRemarks;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.training.RunOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to split a dataset that marks no parts. */
final class Splitting {

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description =
                    "share of the images outside test for validation, split by patient, if DATA"
                            + " marks no parts (default ${DEFAULT-VALUE})")
    private double validation = 0.25;

    @Option(
            names = "--test",
            paramLabel = "SHARE",
            description =
                    "share of all images for testing, split by patient, if DATA marks no parts; 0"
                            + " for none (default ${DEFAULT-VALUE})")
    private double test = 0.2;

    @Option(
            names = "--near-copies",
            paramLabel = "refuse|allow",
            description =
                    "images that show the same picture (resized, slightly cropped, brighter, ...)"
                            + " with different labels or in different parts (default"
                            + " ${DEFAULT-VALUE})")
    private NearCopies.Policy nearCopies = NearCopies.Policy.REFUSE;

    private static final int MOST_NAMED = 3;

    @Mixin private final DataOptions labels = new DataOptions();

    /** Checks the shares before any file is read. */
    void check(Subcommand command) {
        if (!(validation > 0 && validation < 1)) {
            throw command.usage("--validation is %s; expected between 0 and 1", validation);
        }
        if (!(test >= 0 && test < 1)) {
            throw command.usage("--test is %s; expected 0 or more and less than 1", test);
        }
    }

    DataOptions labels() {
        return labels;
    }

    /** Reads a dataset. */
    XrayDataset dataset(Subcommand command, Path data) {
        return dataset(command, data, labels.options());
    }

    /** Reads a dataset, and says how. */
    static XrayDataset dataset(Subcommand command, Path data, DatasetOptions options) {
        XrayDataset.Survey read = XrayDataset.readSurvey(data, options);
        command.survey(read);
        return read.dataset();
    }

    /** Splits a dataset by patient; parts that it marks are kept. */
    DatasetSplit split(Subcommand command, XrayDataset dataset) {
        check(command);
        Set<SplitPart> marked =
                dataset.images().stream()
                        .flatMap(image -> image.part().stream())
                        .collect(Collectors.toSet());
        if (!marked.isEmpty()) {
            command.withoutEffect("the dataset marks its parts", "--test");
        }
        if (marked.contains(SplitPart.VALIDATION)) {
            command.withoutEffect("the dataset marks its validation part", "--validation");
        }
        DatasetSplit split = splitter(command).split(dataset);
        if (!dataset.patientsKnown()) {
            command.remark(
                    "patients are not known for all images, so one person's images may be in"
                            + " several parts (expected a manifest with a column 'patient')");
        }
        return split;
    }

    PatientSplitter splitter(Subcommand command) {
        return new PatientSplitter(command.seed(), validation, test);
    }

    /** Reads and splits a dataset, and prints the sizes of the parts. */
    DatasetSplit read(Subcommand command, Path data) {
        check(command);
        XrayDataset dataset = dataset(command, data);
        DatasetSplit split = split(command, dataset);
        ImageRemarks.ofHeaders(dataset.images())
                .describe(dataset.images().size())
                .forEach(line -> command.remark("%s", line));
        return printed(command, split);
    }

    /** Refuses near copies in images that have been decoded. */
    void requireSeparatePictures(DatasetSplit split) {
        split.requireSeparatePictures(nearCopies);
    }

    RunOptions applyTo(RunOptions options) {
        return options.withNearCopies(nearCopies);
    }

    /** Lists equal images that are no error, with a few of them. */
    static void remarkEqualImages(Subcommand command, DatasetSplit split) {
        List<List<LabelledImage>> equal = split.equalImages();
        if (!equal.isEmpty()) {
            command.remark(
                    "images that are in a part more than once, with one label: %d: %s%s",
                    equal.size(),
                    equal.stream()
                            .limit(MOST_NAMED)
                            .map(
                                    images ->
                                            images.stream()
                                                    .map(LabelledImage::id)
                                                    .collect(Collectors.joining(" = ")))
                            .collect(Collectors.joining(", ")),
                    equal.size() > MOST_NAMED ? " and others" : "");
        }
    }

    static DatasetSplit printed(Subcommand command, DatasetSplit split) {
        command.remark("%s", summary(split));
        return split;
    }

    static String summary(DatasetSplit split) {
        List<Label> counted = split.labels().counted();
        StringBuilder text = new StringBuilder("images (%s): ".formatted(joined(counted)));
        split.byPart()
                .forEach(
                        (part, images) ->
                                text.append(
                                        "%s %d (%s)  "
                                                .formatted(
                                                        part.folderName(),
                                                        images.size(),
                                                        joined(counts(counted, images)))));
        return text.toString().stripTrailing();
    }

    private static List<Long> counts(List<Label> labels, List<LabelledImage> images) {
        return labels.stream()
                .map(label -> images.stream().filter(i -> i.label().equals(label)).count())
                .toList();
    }

    private static String joined(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
