package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TextDataset.count;
import static org.deepcovid.core.data.TextDataset.patients;
import static org.deepcovid.core.data.TextDataset.problems;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deepcovid.core.DatasetException;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientSplitterTest {

    private TextDataset data;

    @BeforeEach
    void openFolder(@TempDir Path root) {
        data = new TextDataset(root);
    }

    private void add(int count, Label label, String patient, SplitPart part) {
        data.add(count, label, patient, part);
    }

    private void addPatients(int covid, int non, SplitPart part) {
        for (int i = 0; i < covid; i++) {
            add(1 + i % 3, Label.COVID, "c" + i + part, part);
        }
        for (int i = 0; i < non; i++) {
            add(1 + i % 2, Label.NON_COVID, "n" + i + part, part);
        }
    }

    private DatasetSplit split(PatientSplitter splitter) {
        return splitter.split(data.dataset());
    }

    private DatasetSplit split(long seed) {
        return split(PatientSplitter.seeded(seed));
    }

    @Test
    void everyPartHasItsShareOfEveryClass() {
        List<Label> labels = List.of(new Label("COVID-19"), new Label("Flu"), new Label("Normal"));
        for (int i = 0; i < 120; i++) {
            add(1, labels.get(i % 6 == 0 ? 0 : i % 6 < 3 ? 1 : 2), "p" + i, null);
        }

        DatasetSplit split = split(4);

        assertThat(split.labels().labels()).isEqualTo(labels);
        assertThat(labels).map(label -> count(split.test(), label)).containsExactly(4L, 8L, 12L);
        assertThat(labels)
                .map(label -> count(split.validation(), label))
                .containsExactly(4L, 8L, 12L);
        List<List<LabelledImage>> folds =
                PatientFolds.of(split.labels(), split.fitting().training(), 4, 1);
        assertThat(folds).hasSize(4);
        assertThat(folds)
                .allSatisfy(
                        fold ->
                                assertThat(labels)
                                        .map(label -> count(fold, label))
                                        .containsExactly(3L, 6L, 9L));
    }

    private static List<LabelledImage> all(DatasetSplit split) {
        return Stream.of(split.training(), split.validation(), split.test())
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void drawsTestAndValidationFromUnmarkedImages() {
        addPatients(30, 60, null); // 60 covid and 90 non images

        DatasetSplit split = split(7);

        assertThat(all(split)).containsExactlyInAnyOrderElementsOf(data.images);
        assertThat(count(split.test(), Label.COVID)).isEqualTo(12);
        assertThat(count(split.test(), Label.NON_COVID)).isEqualTo(18);
        assertThat(count(split.validation(), Label.COVID)).isEqualTo(12);
        assertThat(count(split.validation(), Label.NON_COVID)).isEqualTo(18);
        assertThat(split.training()).extracting(LabelledImage::id).isSorted();
        assertThat(split.validation()).extracting(LabelledImage::id).isSorted();
    }

    @Test
    void neverDividesAPatient() {
        addPatients(9, 14, null);
        add(4, Label.COVID, "both", null);
        add(4, Label.NON_COVID, "both", null);
        for (long seed = 0; seed < 50; seed++) {
            DatasetSplit split = split(seed);

            assertThat(all(split)).hasSameSizeAs(data.images);
            Set<String> seen = new HashSet<>();
            for (List<LabelledImage> part : split.byPart().values()) {
                Set<String> patients = patients(part);
                assertThat(Collections.disjoint(seen, patients)).isTrue();
                seen.addAll(patients);
                assertThat(count(part, Label.COVID)).isPositive();
                assertThat(count(part, Label.NON_COVID)).isPositive();
            }
        }
    }

    @Test
    void sameSeedGivesSameSplitForAnyOrderOfImages() {
        addPatients(10, 20, null);
        DatasetSplit split = split(3);
        Collections.shuffle(data.images, new Random(1));

        assertThat(split(3)).isEqualTo(split);
        assertThat(split(4)).isNotEqualTo(split);
    }

    @Test
    void keepsGivenTestPartAndDrawsValidation() {
        addPatients(12, 20, SplitPart.TRAIN);
        int marked = data.images.size();
        addPatients(3, 4, SplitPart.TEST);
        List<LabelledImage> test = data.images.subList(marked, data.images.size());

        DatasetSplit split = split(1);

        assertThat(split.test()).containsExactlyInAnyOrderElementsOf(test);
        assertThat(count(split.validation(), Label.COVID)).isEqualTo(6);
        assertThat(all(split)).hasSameSizeAs(data.images);
    }

    @Test
    void keepsGivenValidationPart() {
        addPatients(3, 4, SplitPart.TRAIN);
        addPatients(2, 2, SplitPart.VALIDATION);

        DatasetSplit split = split(1);

        assertThat(split.training()).allMatch(i -> i.part().orElseThrow() == SplitPart.TRAIN);
        assertThat(split.validation())
                .allMatch(i -> i.part().orElseThrow() == SplitPart.VALIDATION);
        assertThat(split.test()).isEmpty();
    }

    @Test
    void unmarkedImagesOfADatasetWithPartsAreForTraining() {
        addPatients(4, 4, null);
        addPatients(2, 2, SplitPart.VALIDATION);

        DatasetSplit split = split(1);

        assertThat(split.training()).hasSize(7 + 6).allMatch(image -> image.part().isEmpty());
    }

    @Test
    void fractionsAreApproximatedByWholePatients() {
        addPatients(0, 50, null);
        for (int i = 0; i < 40; i++) {
            add(1, Label.COVID, "single" + i, null);
        }

        DatasetSplit split =
                split(PatientSplitter.seeded(1).withTestFraction(0).withValidationFraction(0.1));

        assertThat(split.test()).isEmpty();
        assertThat(count(split.validation(), Label.COVID)).isEqualTo(4);
        assertThat(count(split.validation(), Label.NON_COVID)).isBetween(7L, 8L);
    }

    @Test
    void patientLargerThanTheShareIsTakenWhenThereIsNoSmallerOne() {
        add(10, Label.COVID, "a", null);
        add(12, Label.COVID, "b", null);
        addPatients(0, 6, null);

        DatasetSplit split = split(PatientSplitter.seeded(1).withTestFraction(0));

        assertThat(patients(split.validation())).contains("a").doesNotContain("b");
    }

    @Test
    void bothClassesReachBothSidesWhenOnlyMixedPatientsHaveNonImages() {
        add(1, Label.COVID, "only covid", null);
        for (String patient : List.of("mixed 1", "mixed 2")) {
            add(5, Label.COVID, patient, null);
            add(2, Label.NON_COVID, patient, null);
        }
        for (long seed = 0; seed < 20; seed++) {
            DatasetSplit split =
                    split(
                            PatientSplitter.seeded(seed)
                                    .withTestFraction(0)
                                    .withValidationFraction(0.1));

            assertThat(split.fitting().training()).isNotEmpty();
        }
    }

    /** Random small datasets: every part has every class if any division of the patients does. */
    @Test
    void everyPartHasEveryClassIfAnyDivisionDoes() {
        Random random = new Random(5);
        List<Label> labels = List.of(new Label("COVID-19"), new Label("Flu"), new Label("Normal"));
        int solvable = 0;
        for (int round = 0; round < 400; round++) {
            data.images.clear();
            int classes = 2 + round % 2;
            List<Integer> patients = new ArrayList<>(); // bit masks of their classes
            for (int patient = 0; patient < 3 + round % 5; patient++) {
                int mask = 1 + random.nextInt((1 << classes) - 1);
                patients.add(mask);
                for (int label = 0; label < classes; label++) {
                    int count = ((mask >> label) & 1) * (1 + random.nextInt(3));
                    add(count, labels.get(label), "%d-%d".formatted(round, patient), null);
                }
            }
            boolean test = random.nextBoolean();
            if (hasDivision(patients, new int[test ? 3 : 2], 0, (1 << classes) - 1)) {
                solvable++;
                DatasetSplit split =
                        split(
                                PatientSplitter.seeded(round)
                                        .withTestFraction(test ? random.nextDouble(0.05, 0.95) : 0)
                                        .withValidationFraction(random.nextDouble(0.05, 0.95)));

                assertThat(split.fitting().validation()).isNotEmpty();
                assertThat(labels.subList(0, test ? classes : 0))
                        .allMatch(label -> count(split.test(), label) > 0);
            }
        }
        assertThat(solvable).isGreaterThan(100);
    }

    static boolean hasDivision(List<Integer> patients, int[] parts, int next, int all) {
        if (next == patients.size()) {
            return Arrays.stream(parts).allMatch(classes -> classes == all);
        }
        for (int part = 0; part < parts.length; part++) {
            int[] more = parts.clone();
            more[part] |= patients.get(next);
            if (hasDivision(patients, more, next + 1, all)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void equalFilesOfUnmarkedPatientsStayTogether() throws IOException {
        addPatients(8, 16, null);
        for (LabelledImage image : data.images) { // pairs of patients share their files' content
            String content = image.label().name() + image.patient().hashCode() % 4;
            Files.writeString(image.file(), content);
        }
        for (long seed = 0; seed < 20; seed++) {
            DatasetSplit split = split(PatientSplitter.seeded(seed).withTestFraction(0));

            LeakGuard.requireSeparateContent(split.byPart());
        }
    }

    @Test
    void rejectsEqualFilesInMarkedParts() throws IOException {
        addPatients(3, 3, SplitPart.TRAIN);
        addPatients(2, 2, SplitPart.TEST);
        LabelledImage leaked = data.images.get(6 + 4); // the first of the test part's covid images
        assertThat(leaked.id()).startsWith("c0TEST-covid");
        Files.copy(data.images.get(0).file(), leaked.file(), StandardCopyOption.REPLACE_EXISTING);

        assertThat(problems(() -> split(1)))
                .singleElement()
                .asString()
                .contains("equal images are in val (c0TRAIN", "test (" + leaked.id());
    }

    @Test
    void rejectsMarkedPartsThatShareUnmarkedPatient() {
        addPatients(3, 3, null);
        add(1, Label.COVID, "c0null", SplitPart.TEST);
        add(1, Label.NON_COVID, "other", SplitPart.TEST);
        add(1, Label.COVID, "v", SplitPart.VALIDATION);

        assertFails(
                DatasetException.class,
                () -> split(1),
                "patient c0null is in train (",
                "and test (");
    }

    @Test
    void rejectsTooFewPatients() {
        add(9, Label.COVID, "alone", null);
        addPatients(0, 8, null);

        assertFails(
                DatasetException.class,
                () -> split(1),
                "1 patients with covid images are left to choose the test part from;"
                        + " expected at least 2");
    }

    @Test
    void namesUnreadableFiles() throws IOException {
        addPatients(4, 4, null);
        Files.delete(data.images.get(0).file());
        Files.delete(data.images.get(5).file());

        assertThat(problems(() -> split(1)))
                .hasSize(2)
                .anyMatch(p -> p.contains(data.images.get(5).id()));
    }

    @Test
    void rejectsFractionsOutsideTheirRange() {
        PatientSplitter splitter = PatientSplitter.seeded(1);
        assertRejects(() -> splitter.withValidationFraction(0), "validationFraction is 0.0");
        assertRejects(() -> splitter.withTestFraction(Double.NaN), "testFraction is NaN");
    }

    @Test
    void splitsRealDatasetWithoutTouchingItsTestPart() {
        XrayDataset dataset = XrayDataset.read(SharedData.path("data/cxr-1k"));

        DatasetSplit split = PatientSplitter.seeded(7).split(dataset);

        assertThat(split.test()).hasSize(447);
        assertThat(split.training().size() + split.validation().size()).isEqualTo(464);
        assertThat(count(split.validation(), Label.COVID)).isBetween(14L, 16L);
        assertThat(count(split.validation(), Label.NON_COVID)).isBetween(99L, 101L);
    }
}
