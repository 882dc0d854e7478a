package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientFoldsTest {

    @TempDir Path root;
    private final List<LabelledImage> images = new ArrayList<>();

    private void add(int count, Label label, String patient) {
        for (int i = 0; i < count; i++) {
            String id = "%s-%03d".formatted(patient, images.size());
            add(id, id, label, patient);
        }
    }

    private void add(String id, String content, Label label, String patient) {
        try {
            Path file = Files.writeString(root.resolve(id), content);
            images.add(new LabelledImage(id, file, label, patient, Optional.empty(), Map.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long covid(List<LabelledImage> fold) {
        return fold.stream().filter(image -> image.label().equals(Label.COVID)).count();
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
        List<List<LabelledImage>> folds = PatientFolds.of(images, 4, 1);

        assertThat(folds).hasSize(4);
        assertThat(folds.stream().flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(images);
        Set<String> patients = new HashSet<>();
        for (List<LabelledImage> fold : folds) {
            Set<String> here = new HashSet<>();
            fold.forEach(image -> here.add(image.patient()));
            assertThat(here).allMatch(patients::add);
        }
    }

    @Test
    void classesAreSpreadEvenly() {
        for (int i = 0; i < 12; i++) {
            add(1 + i % 3, Label.COVID, "c" + i);
            add(6, Label.NON_COVID, "n" + i);
        }

        assertThat(PatientFolds.of(images, 4, 1))
                .allSatisfy(fold -> assertThat(covid(fold)).isEqualTo(6))
                .allSatisfy(fold -> assertThat(fold).hasSize(24));
    }

    @Test
    void equalFilesStayTogetherWhoeverTheyAreSaidToShow() {
        for (int i = 0; i < 20; i++) {
            add(1, i % 2 == 0 ? Label.COVID : Label.NON_COVID, "p" + i);
        }
        add("one", "the same bytes", Label.COVID, "a");
        add("other", "the same bytes", Label.COVID, "b");

        for (int seed = 0; seed < 5; seed++) {
            List<List<LabelledImage>> folds = PatientFolds.of(images, 5, seed);
            assertThat(foldOf(folds, "one")).isEqualTo(foldOf(folds, "other"));
        }
    }

    @Test
    void sameSeedGivesTheSameFoldsAndAnotherSeedOthers() {
        for (int i = 0; i < 20; i++) {
            add(1, i % 2 == 0 ? Label.COVID : Label.NON_COVID, "p" + i);
        }

        assertThat(PatientFolds.of(images, 3, 7)).isEqualTo(PatientFolds.of(images, 3, 7));
        assertThat(PatientFolds.of(images, 3, 8)).isNotEqualTo(PatientFolds.of(images, 3, 7));
    }

    @Test
    void fewPatientsMakeFewFoldsAndOneMakesNone() {
        add(5, Label.COVID, "only");
        for (int i = 0; i < 9; i++) {
            add(1, Label.NON_COVID, "n" + i);
        }
        assertThat(PatientFolds.of(images, 4, 1)).isEmpty();

        add(5, Label.COVID, "second");
        assertThat(PatientFolds.of(images, 4, 1))
                .hasSize(2)
                .allSatisfy(fold -> assertThat(covid(fold)).isEqualTo(5));
    }

    @Test
    void refusesASingleFold() {
        add(2, Label.COVID, "c");
        assertThatThrownBy(() -> PatientFolds.of(images, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxFolds is 1; expected at least 2");
    }
}
