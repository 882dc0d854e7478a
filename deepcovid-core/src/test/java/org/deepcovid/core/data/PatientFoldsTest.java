package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TextDataset.count;
import static org.deepcovid.core.data.TextDataset.patients;
import static org.deepcovid.testing.Failures.assertRejects;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientFoldsTest {

    private TextDataset data;

    @BeforeEach
    void openFolder(@TempDir Path root) {
        data = new TextDataset(root);
    }

    private void add(int count, Label label, String patient) {
        data.add(count, label, patient, null);
    }

    private List<List<LabelledImage>> folds(int max, long seed) {
        return PatientFolds.of(LabelSet.COVID, data.images, max, seed);
    }

    private static int foldOf(List<List<LabelledImage>> folds, String id) {
        for (int fold = 0; fold < folds.size(); fold++) {
            if (folds.get(fold).stream().anyMatch(image -> image.id().equals(id))) {
                return fold;
            }
        }
        throw new AssertionError(id + " is in no fold");
    }

    @Test
    void everyImageIsInOneFoldAndNoPatientInTwo() {
        for (int i = 0; i < 11; i++) {
            add(1 + i % 3, Label.COVID, "c" + i);
            add(1 + i % 2, Label.NON_COVID, "n" + i);
        }
        add(1, Label.NON_COVID, "c4"); // a patient with images of both classes
        List<List<LabelledImage>> folds = folds(4, 1);

        assertThat(folds).hasSize(4);
        assertThat(folds.stream().flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(data.images);
        Set<String> patients = new HashSet<>();
        for (List<LabelledImage> fold : folds) {
            assertThat(patients(fold)).allMatch(patients::add);
        }
    }

    @Test
    void classesAreSpreadEvenly() {
        for (int i = 0; i < 12; i++) {
            add(1 + i % 3, Label.COVID, "c" + i);
            add(6, Label.NON_COVID, "n" + i);
        }

        assertThat(folds(4, 1))
                .allSatisfy(fold -> assertThat(count(fold, Label.COVID)).isEqualTo(6))
                .allSatisfy(fold -> assertThat(fold).hasSize(24));
    }

    @Test
    void equalFilesOfDifferentPatientsStayTogether() {
        for (int i = 0; i < 20; i++) {
            add(1, i % 2 == 0 ? Label.COVID : Label.NON_COVID, "p" + i);
        }
        data.add("one", "the same bytes", Label.COVID, "a", null);
        data.add("other", "the same bytes", Label.COVID, "b", null);

        for (int seed = 0; seed < 5; seed++) {
            List<List<LabelledImage>> folds = folds(5, seed);
            assertThat(foldOf(folds, "one")).isEqualTo(foldOf(folds, "other"));
        }
    }

    @Test
    void sameSeedGivesTheSameFoldsAndAnotherSeedOthers() {
        for (int i = 0; i < 20; i++) {
            add(1, i % 2 == 0 ? Label.COVID : Label.NON_COVID, "p" + i);
        }

        assertThat(folds(3, 7)).isEqualTo(folds(3, 7));
        assertThat(folds(3, 8)).isNotEqualTo(folds(3, 7));
    }

    @Test
    void fewPatientsMakeFewFoldsAndOneMakesNone() {
        add(5, Label.COVID, "only");
        for (int i = 0; i < 9; i++) {
            add(1, Label.NON_COVID, "n" + i);
        }
        assertThat(folds(4, 1)).isEmpty();

        add(5, Label.COVID, "second");
        assertThat(folds(4, 1))
                .hasSize(2)
                .allSatisfy(fold -> assertThat(count(fold, Label.COVID)).isEqualTo(5));
    }

    /** Random small datasets, with patients of several classes, against trying every division. */
    @Test
    void thereAreAsManyFoldsAsHaveEveryClass() {
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            data.images.clear();
            List<Integer> classes = new ArrayList<>();
            for (int patient = 0; patient < 3 + round % 4; patient++) {
                classes.add(1 + random.nextInt(3));
                String name = round + "-" + patient;
                add((classes.get(patient) & 1) * (1 + random.nextInt(3)), Label.COVID, name);
                add((classes.get(patient) >> 1) * (1 + random.nextInt(3)), Label.NON_COVID, name);
            }
            int possible = 4;
            while (possible > 1
                    && !PatientSplitterTest.hasDivision(classes, new int[possible], 0, 3)) {
                possible--;
            }

            assertThat(folds(4, round))
                    .hasSize(possible == 1 ? 0 : possible)
                    .allMatch(fold -> count(fold, Label.COVID) > 0)
                    .allMatch(fold -> count(fold, Label.NON_COVID) > 0);
        }
    }

    @Test
    void rejectsASingleFold() {
        add(2, Label.COVID, "c");
        assertRejects(() -> folds(1, 1)).hasMessage("maxFolds is 1; expected at least 2");
    }
}
