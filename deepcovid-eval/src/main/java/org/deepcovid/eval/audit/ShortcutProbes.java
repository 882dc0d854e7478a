package org.deepcovid.eval.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.ImageView;
import org.deepcovid.core.training.CrossFitting;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.audit.ShortcutAudit.Measurement;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.ScoredLabels;

/** One run of a {@link ShortcutAudit}: fits and scores heads, then computes areas. */
final class ShortcutProbes {

    /** What an area is computed from, once the level of the intervals is known. */
    private record Pending(
            Probe probe, String subject, Function<Bootstrap, Optional<Bootstrap.Estimate>> area) {}

    static final String SOURCE = "source";
    static final String SCANNER = "scanner";
    private static final List<String> METADATA = List.of(SOURCE, SCANNER, "view", "sex", "age");
    private static final int FOLDS = 5;
    private static final int FEWEST = 10; // images of a value of the metadata
    private static final int MOST_VALUES = 10;
    private static final double SHARE_OF_FALSE_ALARMS = 0.05;

    private final FeatureExtractor network;
    private final LabelSet labels;
    private final String part;
    private final List<ImageFacts> facts;
    private final List<LabelledImage> images;
    private final Set<Probe> probes;
    private final FineTuneConfig recipe;
    private final DatasetAudit.Listener listener;
    private final Map<ImageView, List<float[]>> features = new EnumMap<>(ImageView.class);
    private final List<Pending> pending = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    ShortcutProbes(
            FeatureExtractor network,
            LabelSet labels,
            String part,
            List<ImageFacts> facts,
            Set<Probe> probes,
            long seed,
            DatasetAudit.Listener listener) {
        this.network = network;
        this.labels = labels;
        this.part = part;
        this.facts = facts;
        this.images = facts.stream().map(ImageFacts::image).toList();
        this.probes = probes;
        this.recipe =
                FineTuneConfig.defaults().withLearningRate(1e-3).withEpochs(30).withSeed(seed);
        this.listener = listener;
    }

    ShortcutAudit.Result run() {
        List<List<LabelledImage>> folds = PatientFolds.of(labels, images, FOLDS, recipe.seed());
        if (folds.isEmpty()) {
            return new ShortcutAudit.Result(
                    part, images.size(), power(0.95), 0, 0.95, List.of(), List.of(), List.of());
        }
        for (Probe probe : Probe.values()) {
            if (probes.contains(probe)) {
                run(probe, folds);
            }
        }
        long verdicts = pending.stream().filter(p -> p.probe().limit().isPresent()).count();
        double level = 1 - SHARE_OF_FALSE_ALARMS / Math.max(1, verdicts);
        Bootstrap bootstrap = Bootstrap.seeded(recipe.seed()).withLevel(level);
        List<Measurement> measurements =
                pending.stream()
                        .flatMap(
                                p ->
                                        p
                                                .area()
                                                .apply(bootstrap)
                                                .map(
                                                        a ->
                                                                new Measurement(
                                                                        p.probe(), p.subject(), a))
                                                .stream())
                        .toList();
        return new ShortcutAudit.Result(
                part,
                images.size(),
                power(level),
                folds.size(),
                level,
                measurements,
                new ShortcutFindings(labels, images, measurements).list(),
                notes);
    }

    private AuditPower power(double level) {
        return new AuditPower(patients(true), patients(false), level);
    }

    private int patients(boolean positive) {
        return (int)
                images.stream()
                        .filter(i -> i.label().equals(labels.positive()) == positive)
                        .map(LabelledImage::patient)
                        .distinct()
                        .count();
    }

    private void run(Probe probe, List<List<LabelledImage>> folds) {
        switch (probe) {
            case WHOLE, BORDER, EDGES, CORNERS, CENTRE ->
                    area(probe, features(probe.view().orElseThrow()), folds);
            case FILE_FACTS ->
                    area(
                            probe,
                            FactRows.ofRanks(
                                    facts,
                                    List.of(
                                            ImageFacts::shortSide,
                                            ImageFacts::aspect,
                                            ImageFacts::bytesPerPixel)),
                            folds);
            case GREY_LEVELS ->
                    area(
                            probe,
                            FactRows.ofRanks(
                                    facts,
                                    IntStream.range(0, facts.get(0).greys().size())
                                            .<ToDoubleFunction<ImageFacts>>mapToObj(
                                                    i -> f -> f.greys().get(i))
                                            .toList()),
                            folds);
            case COARSE -> area(probe, facts.stream().map(ShortcutProbes::coarse).toList(), folds);
            case METADATA -> METADATA.forEach(name -> metadata(name, folds));
            case SOURCE -> List.of(SOURCE, SCANNER).forEach(this::source);
            case NEW_SOURCE -> newSources(folds);
        }
    }

    private static float[] coarse(ImageFacts facts) {
        byte[] samples = facts.coarse().toBytes();
        float[] row = new float[samples.length / facts.coarse().channels()];
        for (int i = 0; i < row.length; i++) {
            row[i] = samples[i * facts.coarse().channels()] & 0xFF;
        }
        return row;
    }

    private List<float[]> features(ImageView view) {
        return features.computeIfAbsent(view, this::pass);
    }

    private List<float[]> pass(ImageView view) {
        List<float[]> rows = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        var unused =
                network.showing(view)
                        .forEach(
                                images.stream(),
                                image -> ImageRequest.plain(image.id(), image.radiograph()),
                                (image, row, remarks) -> {
                                    rows.add(row);
                                    listener.onImages(done.incrementAndGet(), images.size());
                                });
        return FactRows.standardised(rows);
    }

    private void area(Probe probe, List<float[]> rows, List<List<LabelledImage>> folds) {
        area(probe, "", images, FactRows.standardised(rows), folds);
    }

    private void area(
            Probe probe,
            String subject,
            List<LabelledImage> of,
            List<float[]> rows,
            List<List<LabelledImage>> folds) {
        ScoredLabels scores = ScoredLabels.of(CrossFitting.scores(labels, of, rows, folds, recipe));
        pending.add(
                new Pending(
                        probe,
                        subject,
                        bootstrap -> bootstrap.estimate(Metric.auc(), scores, clusters(of))));
    }

    private static Clusters clusters(List<LabelledImage> of) {
        return Clusters.byName(of.stream().map(LabelledImage::patient).toList());
    }

    /** Images by value of the metadata, the most frequent values first; rare ones left out. */
    static Map<String, List<LabelledImage>> byValue(List<LabelledImage> images, String name) {
        Map<String, List<LabelledImage>> all =
                images.stream()
                        .filter(image -> !Shortcuts.value(image, name).equals(Shortcuts.UNKNOWN))
                        .collect(
                                Collectors.groupingBy(
                                        image -> Shortcuts.value(image, name),
                                        TreeMap::new,
                                        Collectors.toList()));
        Map<String, List<LabelledImage>> frequent = new LinkedHashMap<>();
        all.entrySet().stream()
                .filter(entry -> entry.getValue().size() >= FEWEST)
                .sorted(Comparator.comparing(entry -> -entry.getValue().size()))
                .limit(MOST_VALUES)
                .forEach(entry -> frequent.put(entry.getKey(), entry.getValue()));
        return frequent;
    }

    /** The label from one column of the metadata. */
    private void metadata(String name, List<List<LabelledImage>> folds) {
        Map<String, List<LabelledImage>> values = byValue(images, name);
        List<LabelledImage> known = inOrder(values.values());
        if (values.size() < 2 || known.stream().map(LabelledImage::label).distinct().count() < 2) {
            return;
        }
        List<String> ofImages = known.stream().map(image -> Shortcuts.value(image, name)).toList();
        Set<LabelledImage> wanted = new HashSet<>(known);
        List<List<LabelledImage>> parts =
                folds.stream()
                        .map(fold -> fold.stream().filter(wanted::contains).toList())
                        .filter(fold -> !fold.isEmpty())
                        .toList();
        area(Probe.METADATA, name, known, FactRows.ofValues(ofImages), parts);
    }

    private List<LabelledImage> inOrder(Iterable<List<LabelledImage>> groups) {
        Set<LabelledImage> all = new HashSet<>();
        groups.forEach(all::addAll);
        return images.stream().filter(all::contains).toList();
    }

    /**
     * The source from the image, among images of one label if that label has several sources;
     * otherwise among all images.
     */
    private void source(String name) {
        if (byValue(images, name).size() < 2) {
            if (name.equals(SOURCE)) {
                notes.add(
                        ("The metadata name fewer than two sources with %d images or more each: it"
                                        + " cannot be tested whether sources are a shortcut.")
                                .formatted(FEWEST));
            }
            return;
        }
        Map<String, List<LabelledImage>> chosen = byValue(images, name);
        String among = "all images";
        int most = 0;
        for (Label label : labels.labels()) {
            Map<String, List<LabelledImage>> values =
                    byValue(images.stream().filter(i -> i.label().equals(label)).toList(), name);
            int size = values.values().stream().mapToInt(List::size).sum();
            if (values.size() > 1 && size > most) {
                chosen = values;
                most = size;
                among = label.name() + " images";
            }
        }
        tellApart(name + " of " + among, new ArrayList<>(chosen.values()));
    }

    private void tellApart(String subject, List<List<LabelledImage>> groups) {
        List<Label> names =
                IntStream.range(0, groups.size()).mapToObj(i -> new Label("group " + i)).toList();
        LabelSet groupLabels = new LabelSet(names, names.get(0));
        Map<String, Label> labelOf = new TreeMap<>();
        for (int i = 0; i < groups.size(); i++) {
            Label label = names.get(i);
            groups.get(i).forEach(image -> labelOf.put(image.id(), label));
        }
        List<LabelledImage> relabelled = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Label label = labelOf.get(images.get(i).id());
            if (label != null) {
                relabelled.add(with(label, images.get(i)));
                rows.add(features(ImageView.WHOLE).get(i));
            }
        }
        List<List<LabelledImage>> folds =
                PatientFolds.of(groupLabels, relabelled, FOLDS, recipe.seed());
        if (folds.isEmpty()) {
            notes.add("A %s has a single patient, so that it cannot be tested.".formatted(subject));
            return;
        }
        ClassScores scores =
                ClassScores.of(CrossFitting.scores(groupLabels, relabelled, rows, folds, recipe));
        Function<ClassResults, OptionalDouble> area =
                results ->
                        OptionalDouble.of(
                                results.average(
                                        ClassResults.Average.MACRO, ClassResults.Measure.AUC));
        pending.add(
                new Pending(
                        Probe.SOURCE,
                        subject,
                        bootstrap ->
                                bootstrap
                                        .estimates(List.of(area), scores, clusters(relabelled))
                                        .get(0)));
    }

    private static LabelledImage with(Label label, LabelledImage image) {
        return new LabelledImage(
                image.id(),
                image.radiograph(),
                label,
                image.patient(),
                image.part(),
                image.attributes());
    }

    /** For sources with both labels: scores of heads that saw other sources only. */
    private void newSources(List<List<LabelledImage>> folds) {
        Map<String, List<LabelledImage>> sources = byValue(images, SOURCE);
        if (sources.size() < 2) {
            return;
        }
        List<ScoredImage> all =
                CrossFitting.scores(labels, images, features(ImageView.WHOLE), folds, recipe);
        sources.forEach(
                (source, of) -> {
                    Set<LabelledImage> own = new HashSet<>(of);
                    List<LabelledImage> others =
                            images.stream().filter(image -> !own.contains(image)).toList();
                    if (hasBoth(of) && hasBoth(others)) {
                        newSource(source, of, all);
                    }
                });
    }

    private boolean hasBoth(List<LabelledImage> of) {
        long positives = of.stream().filter(i -> i.label().equals(labels.positive())).count();
        return positives >= FEWEST && of.size() - positives >= FEWEST;
    }

    private void newSource(String source, List<LabelledImage> of, List<ScoredImage> all) {
        Set<String> ids = of.stream().map(LabelledImage::id).collect(Collectors.toSet());
        ScoredLabels seen =
                ScoredLabels.of(all.stream().filter(s -> ids.contains(s.imageId())).toList());
        ScoredLabels unseen =
                ScoredLabels.of(
                        CrossFitting.scores(
                                labels, images, features(ImageView.WHOLE), List.of(of), recipe));
        Clusters patients = clusters(of);
        pending.add(
                new Pending(
                        Probe.NEW_SOURCE,
                        source,
                        bootstrap -> bootstrap.difference(Metric.auc(), seen, unseen, patients)));
    }
}
