package org.deepcovid.eval.audit;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.audit.AuditIssue.Severity;
import org.deepcovid.eval.explain.EvidenceAudit;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapChecks;
import org.deepcovid.eval.explain.HeatmapMethod;

/**
 * Searches a dataset for what makes results on it wrong or misleading: unreadable files, equal
 * files in two parts or with two labels, patients in two parts, small images, and properties such
 * as source, size or brightness that separate the classes. With a classifier, also how much of its
 * evidence is at the border or outside the lungs. Every image is decoded once. Immutable.
 *
 * <pre>{@code
 * DatasetAudit.Result result = DatasetAudit.of(Path.of("radiographs")).run();
 * System.out.print(result.toText());
 * }</pre>
 */
public final class DatasetAudit {

    private static final double FRAME = 0.1;
    private static final double STRIKING = 1.5;

    private final Path data;
    private final DatasetOptions options;
    private final int minSize;
    private final Optional<Evidence> evidence;
    private final Optional<Probing> probing;

    private record Probing(FeatureExtractor network, long seed) {}

    private record Evidence(
            CovidClassifier classifier,
            int maxImages,
            Function<LabelledImage, Optional<PixelMask>> lungs,
            Function<LabelledImage, Optional<PixelMask>> findings) {}

    /** Receives the progress of an audit. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Called after each group of images.
         *
         * @param done images examined so far
         * @param total images of the dataset
         */
        void onImages(int done, int total);
    }

    /**
     * What an audit found.
     *
     * @param issues problems first, unmodifiable
     * @param tables the tables for people, as lines; unmodifiable
     * @param shortcuts measured by a network; empty without {@link #withProbes} or images of both
     *     labels. Its findings are among the issues, its table among the tables
     */
    public record Result(
            List<AuditIssue> issues,
            List<String> tables,
            Optional<ShortcutAudit.Result> shortcuts) {

        public Result {
            issues = List.copyOf(issues);
            tables = List.copyOf(tables);
            requireNonNull(shortcuts, "shortcuts is null");
        }

        /**
         * The issues of a severity.
         *
         * @param severity to select
         * @return in the order of {@link #issues()}
         */
        public List<AuditIssue> issues(Severity severity) {
            return issues.stream().filter(issue -> issue.severity() == severity).toList();
        }

        /** Tables and issues as text; lines, each ended by a line feed. */
        public String toText() {
            StringBuilder text = new StringBuilder();
            tables.forEach(line -> text.append(line).append('\n'));
            text.append('\n');
            for (AuditIssue issue : issues) {
                String name = issue.severity() == Severity.PROBLEM ? "PROBLEM" : "hint";
                text.append("%-8s %s%n".formatted(name, issue.text()));
            }
            return text.append(
                            "%d problems, %d hints%n"
                                    .formatted(
                                            issues(Severity.PROBLEM).size(),
                                            issues(Severity.HINT).size()))
                    .toString();
        }
    }

    private DatasetAudit(
            Path data,
            DatasetOptions options,
            int minSize,
            Optional<Evidence> evidence,
            Optional<Probing> probing) {
        this.data = requireNonNull(data, "data is null");
        this.options = requireNonNull(options, "options is null");
        this.minSize = minSize;
        this.evidence = evidence;
        this.probing = probing;
    }

    /**
     * An audit that reports images with a shorter side of less than 224 pixels.
     *
     * @param data a folder or CSV manifest as {@link XrayDataset#read} takes it
     * @return an audit, not yet run
     */
    public static DatasetAudit of(Path data) {
        return new DatasetAudit(
                data, DatasetOptions.defaults(), 224, Optional.empty(), Optional.empty());
    }

    /** Sets how the labels are read. */
    public DatasetAudit withOptions(DatasetOptions newOptions) {
        return new DatasetAudit(data, newOptions, minSize, evidence, probing);
    }

    /**
     * Sets the size below which images are reported.
     *
     * @param pixels of the shorter side, at least 1
     * @throws IllegalArgumentException if it is less than 1
     */
    public DatasetAudit withMinSize(int pixels) {
        if (pixels < 1) {
            throw new IllegalArgumentException(
                    "minimum size is %d pixels; expected at least 1".formatted(pixels));
        }
        return new DatasetAudit(data, options, pixels, evidence, probing);
    }

    /**
     * Also measures, by CAM on images of the positive label, where a classifier's evidence is.
     *
     * @param classifier to explain, of the same labels; stays open
     * @param maxImages most images to explain, at least 1; evenly spaced in the dataset
     * @param lungs the lung fields of an image, of the image's size, where they are known
     * @param findings what people marked in an image, of the image's size, where it is known
     * @throws IllegalArgumentException if the number of images is less than 1
     */
    public DatasetAudit withClassifier(
            CovidClassifier classifier,
            int maxImages,
            Function<LabelledImage, Optional<PixelMask>> lungs,
            Function<LabelledImage, Optional<PixelMask>> findings) {
        requireNonNull(classifier, "classifier is null");
        requireNonNull(lungs, "lungs is null");
        requireNonNull(findings, "findings is null");
        if (maxImages < 1) {
            throw new IllegalArgumentException(
                    "%d images to explain; expected at least 1".formatted(maxImages));
        }
        return new DatasetAudit(
                data,
                options,
                minSize,
                Optional.of(new Evidence(classifier, maxImages, lungs, findings)),
                probing);
    }

    /**
     * Also runs all probes of {@link ShortcutAudit}.
     *
     * @param network computes features; not fitted to the dataset's labels
     * @param seed of folds, heads and resampling
     */
    public DatasetAudit withProbes(FeatureExtractor network, long seed) {
        return new DatasetAudit(
                data, options, minSize, evidence, Optional.of(new Probing(network, seed)));
    }

    /**
     * Lung masks from a folder, under the images' relative names; white is lung.
     *
     * @param folder of masks
     * @return a function for {@link #withClassifier}
     */
    public static Function<LabelledImage, Optional<PixelMask>> lungsIn(Path folder) {
        return image -> Optional.of(PixelMask.of(ImageDecoder.decode(folder.resolve(image.id()))));
    }

    /**
     * Masks of findings from a folder, under the images' relative names; white is the finding.
     *
     * @param folder of masks
     * @return a function for {@link #withClassifier}; empty for images without a mask
     */
    public static Function<LabelledImage, Optional<PixelMask>> findingsIn(Path folder) {
        return image ->
                Optional.of(folder.resolve(image.id()))
                        .filter(Files::exists)
                        .map(file -> PixelMask.of(ImageDecoder.decode(file)));
    }

    /**
     * The boxes that the dataset names, see {@link LabelledImage#boxes}.
     *
     * @return a function for {@link #withClassifier}; empty for images without a box
     */
    public static Function<LabelledImage, Optional<PixelMask>> boxesOfDataset() {
        return image -> {
            if (!image.hasBoxes()) {
                return Optional.empty();
            }
            RasterImage pixels = image.radiograph().decode();
            return Optional.of(image.boxes(pixels.width(), pixels.height()));
        };
    }

    /**
     * Lung masks that the dataset names, see {@link LabelledImage#lungMask()}; enlarged or reduced
     * to the images' sizes.
     *
     * @return a function for {@link #withClassifier}
     */
    public static Function<LabelledImage, Optional<PixelMask>> lungsOfDataset() {
        return image ->
                image.lungMask()
                        .map(file -> scaled(Radiograph.of(file).decode(), image.radiograph()));
    }

    private static PixelMask scaled(RasterImage mask, Radiograph radiograph) {
        RasterImage image = radiograph.decode();
        return PixelMask.of(
                image.width(),
                image.height(),
                (x, y) ->
                        mask.sample(
                                        x * mask.width() / image.width(),
                                        y * mask.height() / image.height(),
                                        0)
                                >= 128);
    }

    /** Runs the audit without reports of progress; tables and issues. */
    public Result run() {
        return run((done, total) -> {});
    }

    /**
     * Runs the audit.
     *
     * @param listener receives the progress
     * @return tables and issues
     * @throws CancellationException if the thread is interrupted
     */
    public Result run(Listener listener) {
        List<AuditIssue> issues = new ArrayList<>();
        XrayDataset.Survey survey = XrayDataset.survey(data, options);
        survey.problems().forEach(text -> issues.add(new AuditIssue(Severity.PROBLEM, text)));
        LabelSet labels = survey.dataset().labels();
        List<LabelledImage> images = survey.dataset().images();
        List<ImageFacts> facts =
                ImageFacts.of(
                        images,
                        (image, why) ->
                                issues.add(
                                        AuditIssue.problem("unreadable: %s: %s", image.id(), why)),
                        listener);
        List<String> tables = new ArrayList<>();
        survey.readings().forEach(reading -> tables.addAll(reading.describe()));
        tables.addAll(counts(labels, images));
        issues.addAll(DatasetChecks.of(facts, minSize));
        List<LabelledImage> positives =
                facts.stream()
                        .map(ImageFacts::image)
                        .filter(image -> image.label().equals(labels.positive()))
                        .toList();
        Optional<ShortcutAudit.Result> measured = Optional.empty();
        // some of both, or there is nothing to separate
        if (!positives.isEmpty() && positives.size() < facts.size()) {
            Shortcuts shortcuts = Shortcuts.of(labels, facts);
            tables.add("");
            tables.addAll(shortcuts.lines());
            issues.addAll(shortcuts.issues());
            measured =
                    probing.map(
                            wanted ->
                                    ShortcutAudit.seeded(wanted.seed())
                                            .ofFacts(wanted.network(), labels, facts, listener));
        }
        measured.ifPresent(
                found -> {
                    tables.add("");
                    tables.addAll(found.table());
                    issues.addAll(found.issues());
                });
        evidence.ifPresent(wanted -> explain(wanted, positives, tables, issues));
        issues.sort(Comparator.comparing(AuditIssue::severity));
        return new Result(issues, tables, measured);
    }

    private static List<String> counts(LabelSet labels, List<LabelledImage> images) {
        Map<String, int[]> parts = new LinkedHashMap<>();
        for (SplitPart part : SplitPart.values()) {
            parts.put(part.folderName(), new int[labels.labels().size()]);
        }
        parts.put("not marked", new int[labels.labels().size()]);
        for (LabelledImage image : images) {
            String part = image.part().map(SplitPart::folderName).orElse("not marked");
            parts.get(part)[labels.positiveFirst().indexOf(image.label())]++;
        }
        parts.values().removeIf(of -> Arrays.stream(of).sum() == 0);
        return table("images", labels, parts);
    }

    /** Counts by label, the positive first, in a row for each key. */
    static List<String> table(String title, LabelSet labels, Map<String, int[]> rows) {
        List<String> lines = new ArrayList<>();
        StringBuilder header = new StringBuilder("%-28s".formatted(title));
        labels.positiveFirst().forEach(label -> header.append(" %8s".formatted(label)));
        lines.add(header.toString());
        rows.forEach(
                (key, counts) -> {
                    StringBuilder line = new StringBuilder("  %-26s".formatted(key));
                    for (int i = 0; i < counts.length; i++) {
                        int width = Math.max(8, labels.positiveFirst().get(i).name().length());
                        line.append((" %" + width + "d").formatted(counts[i]));
                    }
                    lines.add(line.toString());
                });
        return lines;
    }

    private static void explain(
            Evidence wanted,
            List<LabelledImage> positives,
            List<String> tables,
            List<AuditIssue> issues) {
        List<LabelledImage> chosen = spread(positives, wanted.maxImages());
        try (ExplainedModel model = ExplainedModel.of(wanted.classifier())) {
            EvidenceAudit audit =
                    EvidenceAudit.run(
                            model,
                            HeatmapMethod.cam(),
                            model.positive(),
                            chosen,
                            wanted.lungs(),
                            wanted.findings(),
                            FRAME);
            tables.add("");
            audit.toText().lines().forEach(tables::add);
            double area = HeatmapChecks.areaOfBorder(FRAME);
            double border = audit.meanInBorder().orElse(0);
            if (border > STRIKING * area) {
                issues.add(
                        AuditIssue.hint(
                                "the classifier has %.0f %% of its evidence in the outer tenth,"
                                        + " which is %.0f %% of the area",
                                100 * border, 100 * area));
            }
            double outside = audit.meanOutsideLungs().orElse(0);
            if (outside > 0.5) {
                issues.add(
                        AuditIssue.hint(
                                "the classifier has %.0f %% of its evidence outside the lungs",
                                100 * outside));
            }
        }
    }

    /** Images at even distances in the list. */
    private static List<LabelledImage> spread(List<LabelledImage> images, int maxImages) {
        int count = Math.min(maxImages, images.size());
        List<LabelledImage> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(images.get((int) ((long) i * images.size() / count)));
        }
        return chosen;
    }
}
