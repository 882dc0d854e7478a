package org.deepcovid.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.audit.Probe;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.models.Backbones;
import org.deepcovid.phantoms.Disease;
import org.deepcovid.phantoms.PhantomGenerator;

/**
 * Shortcut audits of phantoms with and without a planted shortcut, one line of CSV per dataset: the
 * areas, and which shortcuts were named. Run as {@code ShortcutTrials FIRST_SEED SEEDS
 * IMAGES_PER_LABEL FOLDER}; see {@code docs/audit.md}. The limits of the audit were chosen on seeds
 * from 1000 on; the results are of seeds 1 to 20.
 */
public final class ShortcutTrials {

    /** What is done to the positive images. */
    enum Planted {
        NOTHING(image -> image, Optional.empty()),
        MARKER(ShortcutTrials::marker, Optional.of(Probe.CORNERS)),
        FRAME(ShortcutTrials::frame, Optional.of(Probe.BORDER)),
        GREYS(ShortcutTrials::greys, Optional.of(Probe.GREY_LEVELS));

        @SuppressWarnings("ImmutableEnumChecker") // functions of this class, without state
        private final UnaryOperator<RasterImage> change;

        private final Optional<Probe> kind;

        Planted(UnaryOperator<RasterImage> change, Optional<Probe> kind) {
            this.change = change;
            this.kind = kind;
        }

        /** The kind that an audit should name. */
        Optional<Probe> kind() {
            return kind;
        }
    }

    private static final List<Probe> PROBES =
            List.of(
                    Probe.WHOLE,
                    Probe.BORDER,
                    Probe.EDGES,
                    Probe.CORNERS,
                    Probe.FILE_FACTS,
                    Probe.GREY_LEVELS,
                    Probe.COARSE);

    private ShortcutTrials() {}

    /** Prints the CSV. */
    public static void main(String[] args) throws IOException {
        run(
                Long.parseLong(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Path.of(args[3]),
                System.out);
    }

    static void run(long first, int seeds, int images, Path folder, PrintStream out)
            throws IOException {
        out.println(
                "planted,seed,images,named,right,"
                        + PROBES.stream()
                                .map(p -> p.name() + "," + p.name() + "_lower")
                                .collect(Collectors.joining(",")));
        try (Backbone backbone = Backbones.bundled();
                InferenceEngine engine = InferenceEngine.of(backbone);
                WorkStore store = WorkStore.in(folder.resolve("features"))) {
            FeatureExtractor network = // negative images are the same in every dataset of a seed
                    FeatureExtractor.of(backbone.spec(), engine)
                            .with(store, engine.report().runtime());
            for (long seed = first; seed < first + seeds; seed++) {
                Map<Disease, List<RasterImage>> phantoms = phantoms(seed, images);
                for (Planted planted : Planted.values()) {
                    Path here = folder.resolve(planted + "-" + seed);
                    ShortcutAudit.Result result =
                            ShortcutAudit.seeded(seed)
                                    .with(Set.copyOf(PROBES))
                                    .run(
                                            network,
                                            LabelSet.COVID,
                                            write(here, phantoms, planted),
                                            (done, total) -> {});
                    out.println(row(planted, seed, result));
                }
            }
        }
    }

    private static String row(Planted planted, long seed, ShortcutAudit.Result result) {
        List<Probe> named = result.findings().stream().map(ShortcutAudit.Finding::kind).toList();
        boolean right = planted.kind().map(named::contains).orElse(named.isEmpty());
        return "%s,%d,%d,%s,%s,%s"
                .formatted(
                        planted,
                        seed,
                        result.images(),
                        named.stream().map(Probe::name).collect(Collectors.joining(" ")),
                        right,
                        result.measurements().stream()
                                .map(
                                        m ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%.4f,%.4f",
                                                        m.area().value(),
                                                        m.area()
                                                                .interval()
                                                                .map(i -> i.lower())
                                                                .orElse(Double.NaN)))
                                .collect(Collectors.joining(",")));
    }

    /** Phantoms of different numbers, half of them with COVID-19. */
    static Map<Disease, List<RasterImage>> phantoms(long seed, int imagesOfEach) {
        PhantomGenerator generator = PhantomGenerator.seeded(seed);
        return Map.of(
                Disease.COVID,
                draw(generator, Disease.COVID, 0, imagesOfEach),
                Disease.NORMAL,
                draw(generator, Disease.NORMAL, imagesOfEach, 2 * imagesOfEach));
    }

    private static List<RasterImage> draw(
            PhantomGenerator generator, Disease disease, int from, int to) {
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(number -> generator.generate(disease, number).image())
                .toList();
    }

    /** Writes the images as PNG files, the positive ones changed. */
    static List<LabelledImage> write(
            Path folder, Map<Disease, List<RasterImage>> phantoms, Planted planted)
            throws IOException {
        Files.createDirectories(folder);
        List<LabelledImage> written = new ArrayList<>();
        for (Disease disease : List.of(Disease.COVID, Disease.NORMAL)) {
            for (RasterImage image : phantoms.get(disease)) {
                String id = "%s-%03d.png".formatted(disease.label(), written.size());
                Path file = folder.resolve(id);
                RasterImage changed =
                        disease == Disease.COVID ? planted.change.apply(image) : image;
                PngWriter.write(changed, Map.of(), file, IfExists.REPLACE);
                written.add(
                        new LabelledImage(
                                id, file, disease.label(), id, Optional.empty(), Map.of()));
            }
        }
        return written;
    }

    /** A bright square of 5 % of the width near the upper right corner. */
    private static RasterImage marker(RasterImage image) {
        int side = image.width() / 20;
        return change(
                image,
                (x, y, sample) ->
                        x >= image.width() - 2 * side
                                        && x < image.width() - side
                                        && y >= side
                                        && y < 2 * side
                                ? 230
                                : sample);
    }

    /** A dark frame of 3 % of the width. */
    private static RasterImage frame(RasterImage image) {
        int width = Math.round(image.width() * 0.03f);
        return change(
                image,
                (x, y, sample) ->
                        Math.min(Math.min(x, y), image.width() - 1 - Math.max(x, y)) < width
                                ? 0
                                : sample);
    }

    /** Grey levels from 30 to 220 instead of 0 to 255. */
    private static RasterImage greys(RasterImage image) {
        return change(image, (x, y, sample) -> 30 + sample * 190 / 255);
    }

    @FunctionalInterface
    private interface Change {
        int at(int x, int y, int sample);
    }

    private static RasterImage change(RasterImage image, Change change) {
        byte[] samples = image.toBytes();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) change.at(i % image.width(), i / image.width(), samples[i] & 0xFF);
        }
        return RasterImage.of(image.width(), image.height(), 1, samples);
    }
}
