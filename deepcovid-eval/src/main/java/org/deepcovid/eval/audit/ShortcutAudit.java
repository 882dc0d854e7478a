package org.deepcovid.eval.audit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;

/**
 * Tests whether the label can be predicted from what shows no disease: the border of the images,
 * their files, their grey levels, their source. Linear heads on the features of a network are
 * fitted and scored in folds by patient, with the same folds and recipe for all probes, so that
 * their areas can be compared with that of the whole image.
 *
 * <p>A shortcut is found where the lower confidence bound of an area exceeds the {@link
 * Probe#limit()}. Intervals are from resampled patients, at a level corrected for the number of
 * probes with a verdict (Bonferroni), so that all of them hold together with 95 %. Immutable.
 */
public final class ShortcutAudit {

    /** Images beyond this number are left out, by patient, at random. */
    private static final int MOST_IMAGES = 4000;

    private final long seed;
    private final String part;
    private final Set<Probe> probes;

    private ShortcutAudit(long seed, String part, Set<Probe> probes) {
        this.seed = seed;
        this.part = part;
        this.probes = Set.copyOf(probes);
    }

    /**
     * An audit by all probes.
     *
     * @param seed of folds, heads and resampling
     */
    public static ShortcutAudit seeded(long seed) {
        return new ShortcutAudit(seed, "images", Probe.all());
    }

    /** An audit by some probes, such as {@link Probe#quick()}; the whole image is always one. */
    public ShortcutAudit with(Set<Probe> some) {
        Set<Probe> chosen = new HashSet<>(some);
        chosen.add(Probe.WHOLE);
        return new ShortcutAudit(seed, part, chosen);
    }

    /** The same audit of images that results name as given, such as {@code test images}. */
    public ShortcutAudit named(String part) {
        return new ShortcutAudit(seed, part, probes);
    }

    /**
     * The result of a probe.
     *
     * @param probe what was predicted from what
     * @param subject value of the metadata that it is about, such as {@code source}; else empty
     * @param area under the ROC curve; of {@link Probe#NEW_SOURCE} the loss of area
     */
    public record Measurement(Probe probe, String subject, Bootstrap.Estimate area) {

        public Measurement {
            requireNonNull(probe, "probe is null");
            requireNonNull(subject, "subject is null");
            requireNonNull(area, "area is null");
        }

        /** What was measured. */
        public String words() {
            return switch (probe) {
                case METADATA -> "the %s only (metadata)".formatted(subject);
                case SOURCE -> "(%s, from the whole image)".formatted(subject);
                case NEW_SOURCE -> "(loss on %s, trained on others)".formatted(subject);
                default -> probe.words();
            };
        }

        /** Whether the lower confidence bound exceeds the limit. */
        public boolean exceedsLimit() {
            return probe.limit().isPresent()
                    && area.interval().map(ConfidenceInterval::lower).orElse(0.0)
                            > probe.limit().getAsDouble();
        }
    }

    /**
     * A shortcut.
     *
     * @param kind the probe that names it best
     * @param name a few words
     * @param area of that probe, with its interval
     * @param text one or two sentences, with the numbers
     * @param advice what to do, without a full stop
     */
    public record Finding(
            Probe kind, String name, Bootstrap.Estimate area, String text, String advice) {

        public Finding {
            requireNonNull(kind, "kind is null");
            requireNonNull(name, "name is null");
            requireNonNull(area, "area is null");
            requireNonNull(text, "text is null");
            requireNonNull(advice, "advice is null");
        }
    }

    /**
     * What an audit measured and found.
     *
     * @param part which images, in words
     * @param images number of images
     * @param power what an audit of so many patients can find
     * @param folds number of folds by patient; 0 if there are too few patients for any probe
     * @param level of every interval, corrected for the number of probes with a verdict
     * @param measurements in the order of the probes, unmodifiable
     * @param findings the gravest first, unmodifiable
     * @param notes probes that could not be run, and why; unmodifiable
     */
    public record Result(
            String part,
            int images,
            AuditPower power,
            int folds,
            double level,
            List<Measurement> measurements,
            List<Finding> findings,
            List<String> notes) {

        public Result {
            measurements = List.copyOf(measurements);
            findings = List.copyOf(findings);
            notes = List.copyOf(notes);
        }

        /** The measurement of a probe that has no subject. */
        public Optional<Measurement> of(Probe probe) {
            return measurements.stream().filter(m -> m.probe() == probe).findFirst();
        }

        /** The verdict in one sentence. */
        public String verdict() {
            if (folds == 0) {
                return "No verdict: a label has fewer than two patients.";
            }
            return findings.isEmpty()
                    ? power.withoutFinding()
                    : "Shortcuts found: %s."
                            .formatted(
                                    findings.stream()
                                            .map(Finding::name)
                                            .collect(Collectors.joining("; ")));
        }

        /** The findings as issues of a dataset. */
        public List<AuditIssue> issues() {
            return findings.stream()
                    .map(f -> AuditIssue.hint("%s %s", f.text(), f.advice()))
                    .toList();
        }

        /** Measurements, verdict, findings and notes; lines, each ended by a line feed. */
        public String toText() {
            List<String> lines = new ArrayList<>(table());
            findings.forEach(
                    finding -> lines.add("  %s %s.".formatted(finding.text(), finding.advice())));
            return String.join("\n", lines) + "\n";
        }

        /** Measurements, notes and verdict, one line each. */
        public List<String> table() {
            List<String> lines = new ArrayList<>();
            if (folds == 0) {
                return List.of(verdict());
            }
            lines.add(
                    "How well the label is predicted from (area under the ROC curve, out of"
                            + " fold):");
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "  %-56s %6s  %-16s %s",
                            "",
                            "area",
                            "%.2f %% interval".formatted(100 * level),
                            " limit"));
            for (Measurement measured : measurements) {
                lines.add(
                        String.format(
                                        Locale.ROOT,
                                        "  %-56s %6.3f  %-16s %s",
                                        measured.words(),
                                        measured.area().value(),
                                        interval(measured.area()),
                                        limit(measured))
                                .stripTrailing());
            }
            lines.add("  (a limit is exceeded if the lower end of the interval is above it)");
            lines.addAll(notes);
            lines.add(verdict());
            return lines;
        }

        private static String limit(Measurement measured) {
            if (measured.probe().limit().isEmpty()) {
                return "";
            }
            return String.format(Locale.ROOT, "%.2f", measured.probe().limit().getAsDouble())
                    + (measured.exceedsLimit() ? " exceeded" : "");
        }
    }

    /** As in {@code [0.914, 0.997]}. */
    static String interval(Bootstrap.Estimate area) {
        return area.interval()
                .map(i -> String.format(Locale.ROOT, "[%.3f, %.3f]", i.lower(), i.upper()))
                .orElse("none");
    }

    /**
     * Runs the audit.
     *
     * @param network computes features, such as {@code RunOptions.extractor(backbone, engine)}. It
     *     must not have been fitted to these images' labels
     * @param labels of the images
     * @param images in files; test images only where nothing is trained or chosen afterwards
     * @param listener receives the progress of each pass
     * @throws org.deepcovid.core.DatasetException if images cannot be read; names all of them
     * @throws CancellationException if the thread is interrupted
     */
    public Result run(
            FeatureExtractor network,
            LabelSet labels,
            List<LabelledImage> images,
            DatasetAudit.Listener listener) {
        List<String> problems = new ArrayList<>();
        List<ImageFacts> facts =
                ImageFacts.of(
                        images, (image, why) -> problems.add(image.id() + ": " + why), listener);
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "images to audit", problems, "replace these files or leave them out");
        }
        return ofFacts(network, labels, facts, listener);
    }

    /** Runs the audit on images that were examined before. */
    Result ofFacts(
            FeatureExtractor network,
            LabelSet labels,
            List<ImageFacts> facts,
            DatasetAudit.Listener listener) {
        List<ImageFacts> used = sample(facts, MOST_IMAGES, seed);
        return new ShortcutProbes(network, labels, part, used, probes, seed, listener).run();
    }

    /** All images, or those of patients drawn at random. */
    static List<ImageFacts> sample(List<ImageFacts> facts, int most, long seed) {
        if (facts.size() <= most) {
            return facts;
        }
        TreeMap<String, List<ImageFacts>> byPatient =
                facts.stream()
                        .collect(
                                Collectors.groupingBy(
                                        f -> f.image().patient(),
                                        TreeMap::new,
                                        Collectors.toList()));
        List<List<ImageFacts>> patients = new ArrayList<>(byPatient.values());
        Collections.shuffle(patients, new Random(seed));
        Set<ImageFacts> drawn = new HashSet<>();
        for (List<ImageFacts> patient : patients) {
            if (drawn.size() + patient.size() <= most) {
                drawn.addAll(patient);
            }
        }
        return facts.stream().filter(drawn::contains).toList();
    }
}
