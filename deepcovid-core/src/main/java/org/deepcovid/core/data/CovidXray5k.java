package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.deepcovid.core.DatasetException;

/**
 * The recipe of COVID-Xray-5k (Minaee et al. 2020, doi:10.1016/j.media.2020.101794): frontal
 * COVID-19 radiographs of covid-chestxray-dataset, and radiographs of CheXpert with a single
 * finding, a number of each. No patient is in two parts. The paper's own choice of images is not
 * repeated: a radiologist made the one of COVID-19, and no list gives the other.
 *
 * @param covid images with COVID-19
 * @param noFinding images of CheXpert without a finding
 * @param eachOther images of each of the 13 other categories of CheXpert
 * @param seed equal seeds and sources give equal choices
 */
public record CovidXray5k(Counts covid, Counts noFinding, Counts eachOther, long seed) {

    private static final List<SplitPart> PARTS = List.of(SplitPart.TEST, SplitPart.TRAIN);

    /**
     * Numbers of images.
     *
     * @param train 0 or more
     * @param test 0 or more
     */
    public record Counts(int train, int test) {

        public Counts {
            if (train < 0 || test < 0) {
                throw new IllegalArgumentException(
                        "%d images for train and %d for test; expected 0 or more"
                                .formatted(train, test));
            }
        }

        private int of(SplitPart part) {
            return part == SplitPart.TEST ? test : train;
        }
    }

    public CovidXray5k {
        requireNonNull(covid, "covid is null");
        requireNonNull(noFinding, "noFinding is null");
        requireNonNull(eachOther, "eachOther is null");
    }

    /** The paper's numbers: train 84 and 700 + 13 * 100, test 100 and 1,700 + 13 * 100. */
    public static CovidXray5k seeded(long seed) {
        return new CovidXray5k(
                new Counts(84, 100), new Counts(700, 1_700), new Counts(100, 100), seed);
    }

    /**
     * Selects the images and decodes them.
     *
     * @param covidChestXray folder of covid-chestxray-dataset, with {@code metadata.csv}
     * @param cheXpert folder of CheXpert, with {@code train.csv}
     * @param root folder that the ids are relative to
     * @param options with the policy for uncertain findings
     * @throws DatasetException if a source is not as published, has too few images of a category or
     *     unreadable ones
     */
    public PreparedDataset prepare(
            Path covidChestXray, Path cheXpert, Path root, DatasetOptions options) {
        Selection selection = new Selection(root, seed);
        Map<String, Counts> categories = new LinkedHashMap<>();
        CheXpert.FINDINGS.forEach(finding -> categories.put(finding, eachOther));
        categories.put(CheXpert.NO_FINDING, noFinding);
        List<Reading> readings =
                List.of(
                        selection.add(
                                new CovidChestXray(covidChestXray, options),
                                Label.COVID,
                                Map.of(CovidChestXray.COVID, covid)),
                        selection.add(
                                new CheXpert(cheXpert, options), Label.NON_COVID, categories));
        selection.problems.throwIfAny(
                "complete the sources, lower the numbers, or choose another policy for uncertain"
                        + " findings");
        return new PreparedDataset(selection.split(), readings, seed);
    }

    /** The images that were chosen so far. */
    private static final class Selection {

        private final Path root;
        private final long seed;
        private final Problems problems = new Problems("sources of covid-xray-5k");
        private final Duplicates duplicates = new Duplicates();
        private final Map<String, SplitPart> partOf = new HashMap<>();
        private final List<LabelledImage> chosen = new ArrayList<>();

        Selection(Path root, long seed) {
            this.root = root;
            this.seed = seed;
        }

        /** Chooses from a source, the category with the fewest images first. */
        Reading add(DatasetLayout layout, Label label, Map<String, Counts> wanted) {
            layout.list();
            problems.addAll(layout.problems.all());
            Map<String, List<LabelledImage>> byCategory = new LinkedHashMap<>();
            wanted.keySet().forEach(category -> byCategory.put(category, new ArrayList<>()));
            for (LabelledImage image : layout.images) {
                String category = image.label().name();
                if (byCategory.containsKey(category)) {
                    byCategory.get(category).add(named(layout, image, label));
                } else {
                    layout.leaveOut(image.file(), "a category that is not used: " + category);
                }
            }
            if (label.equals(Label.COVID)) { // few enough to decode all
                byCategory.replaceAll(
                        (category, images) ->
                                duplicates.remove(
                                        images,
                                        (image, why) -> layout.leaveOut(image.file(), why)));
            }
            byCategory.entrySet().stream()
                    .sorted(Comparator.comparingInt(category -> category.getValue().size()))
                    .forEach(
                            category -> {
                                String name = category.getKey();
                                choose(name, category.getValue(), wanted.get(name))
                                        .forEach(
                                                rest ->
                                                        layout.leaveOut(
                                                                rest.file(),
                                                                "not sampled: " + name));
                            });
            List<String> rules = new ArrayList<>();
            wanted.forEach(
                    (category, counts) ->
                            rules.add(
                                    "sample: %d train and %d test images of %s, by patient"
                                            .formatted(counts.train(), counts.test(), category)));
            return layout.reading(layout.name()).with(rules, List.of());
        }

        private LabelledImage named(DatasetLayout layout, LabelledImage image, Label label) {
            LabelledImage named =
                    DatasetJoin.named(root, layout.name(), true, image, layout.licence());
            return named.with(named.patient(), Map.of("finding", image.label().name()))
                    .withLabel(label);
        }

        /**
         * Chooses whole patients, of the last one as many images as are wanted; returns the rest.
         */
        private List<LabelledImage> choose(
                String category, List<LabelledImage> candidates, Counts wanted) {
            Map<String, List<LabelledImage>> byPatient = new TreeMap<>();
            for (LabelledImage image : candidates) {
                byPatient.computeIfAbsent(image.patient(), p -> new ArrayList<>()).add(image);
            }
            List<String> patients = new ArrayList<>(byPatient.keySet());
            Collections.shuffle(patients, new Random(seed + category.hashCode()));
            for (SplitPart part : PARTS) {
                int left = wanted.of(part);
                for (String patient : patients) {
                    List<LabelledImage> images = byPatient.get(patient);
                    if (left > 0 && partOf.getOrDefault(patient, part) == part) {
                        List<LabelledImage> some = images.subList(0, Math.min(left, images.size()));
                        some.forEach(image -> chosen.add(image.withPart(Optional.of(part))));
                        left -= some.size();
                        some.clear();
                        partOf.put(patient, part);
                    }
                }
                if (left > 0) {
                    problems.add(
                            ("%s: %d images of %d patients can be used, and %s needs %d more of"
                                            + " other patients")
                                    .formatted(
                                            category,
                                            candidates.size(),
                                            patients.size(),
                                            part.folderName(),
                                            left));
                }
            }
            return byPatient.values().stream().flatMap(List::stream).toList();
        }

        /** Decodes the chosen images; equal ones are problems, since the numbers are exact. */
        DatasetSplit split() {
            chosen.sort(Comparator.comparing(LabelledImage::id));
            List<LabelledImage> distinct =
                    duplicates.remove(
                            chosen, (image, why) -> problems.add(image.id() + ": " + why));
            problems.throwIfAny("remove one of each pair from its source, or choose another seed");
            return new DatasetSplit(
                    LabelSet.COVID,
                    in(SplitPart.TRAIN, distinct),
                    List.of(),
                    in(SplitPart.TEST, distinct));
        }

        private static List<LabelledImage> in(SplitPart part, List<LabelledImage> images) {
            return images.stream().filter(image -> image.part().equals(Optional.of(part))).toList();
        }
    }
}
