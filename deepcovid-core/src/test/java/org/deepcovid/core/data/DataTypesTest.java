package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.DatasetException;
import org.junit.jupiter.api.Test;

class DataTypesTest {

    private static LabelledImage image(String id, Label label, String patient) {
        return new LabelledImage(id, Path.of(id), label, patient, Optional.empty(), Map.of());
    }

    private static final LabelledImage COVID = image("a", Label.COVID, "p");
    private static final LabelledImage NON = image("b", Label.NON_COVID, "q");
    private static final LabelledImage OTHER_COVID = image("c", Label.COVID, "r");
    private static final LabelledImage OTHER_NON = image("d", Label.NON_COVID, "s");

    @Test
    void parsesPartNames() {
        assertThat(SplitPart.parse(" Train ")).contains(SplitPart.TRAIN);
        for (String word : List.of("val", "valid", "VALIDATION")) {
            assertThat(SplitPart.parse(word)).contains(SplitPart.VALIDATION);
        }
        assertThat(SplitPart.parse("test")).contains(SplitPart.TEST);
        assertThat(SplitPart.parse("")).isEmpty();
        for (SplitPart part : SplitPart.values()) {
            assertThat(SplitPart.parse(part.folderName())).contains(part);
        }
    }

    @Test
    void imageKeepsOrderOfAttributesAndCannotBeChanged() {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String name : List.of("view", "age", "source")) {
            attributes.put(name, "x");
        }
        LabelledImage image =
                new LabelledImage(
                        "a", Path.of("a"), Label.COVID, "p", Optional.empty(), attributes);
        attributes.clear();

        assertThat(image.attributes().keySet()).containsExactly("view", "age", "source");
        Map<String, String> same = Map.of("age", "x", "source", "x", "view", "x");
        assertThat(image.attributes()).isEqualTo(same).hasSameHashCodeAs(same).hasSize(3);
        assertThat(same).isEqualTo(image.attributes());
        assertThat(image.attributes().getOrDefault("sex", "-")).isEqualTo("-");
        assertThatThrownBy(() -> image.attributes().put("sex", "f"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void imageNeedsIdAndPatient() {
        assertThatThrownBy(() -> image("a", Label.COVID, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image 'a' of patient ' '");
    }

    @Test
    void checksumOfMissingFileNamesIt() {
        assertThatThrownBy(() -> image("gone.png", Label.COVID, "p").sha256())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot read gone.png");
    }

    @Test
    void datasetRejectsSameIdTwice() {
        assertThatThrownBy(() -> new XrayDataset(Path.of("."), List.of(COVID, NON, COVID)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two images have the id a");
    }

    @Test
    void exceptionShowsFirstTwentyProblemsAndKeepsAll() {
        List<String> problems = IntStream.range(0, 25).mapToObj(i -> "problem no. " + i).toList();

        DatasetException e = new DatasetException("dataset x", problems, "mend it");

        assertThat(e.problems()).isEqualTo(problems);
        assertThat(e)
                .hasMessageStartingWith("dataset x: 25 problems")
                .hasMessageContaining("- problem no. 19")
                .hasMessageContaining("... and 5 more")
                .hasMessageEndingWith("mend it");
        assertThat(e.getMessage()).doesNotContain("no. 20");
        assertThat(new DatasetException("x", List.of("one"), "y"))
                .hasMessageStartingWith("x: 1 problem" + System.lineSeparator());
        assertThatThrownBy(() -> new DatasetException("x", List.of(), "y"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fittingDataNeedsEveryClassOnBothSides() {
        List<LabelledImage> training = List.of(COVID, NON);
        List<LabelledImage> validation = List.of(OTHER_COVID, OTHER_NON);
        assertThat(new DatasetSplit(training, validation, List.of()).fitting())
                .isEqualTo(new FittingData(training, validation));
        DatasetSplit lacking = new DatasetSplit(List.of(COVID), List.of(), List.of());
        String expected = "; expected some of every class";
        assertThat(TextDataset.problems(lacking::fitting))
                .containsExactly(
                        "training has 0 non images among 1" + expected,
                        "validation has 0 non images among 0" + expected,
                        "validation has 0 covid images among 0" + expected);
    }

    @Test
    void splitRejectsPatientInTwoParts() {
        LabelledImage second = image("e", Label.NON_COVID, "p");

        assertThatThrownBy(() -> new DatasetSplit(List.of(COVID), List.of(), List.of(second)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("patient p is in train (a) and test (e)");
        assertThatThrownBy(() -> new FittingData(List.of(COVID, NON), List.of(OTHER_COVID, second)))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("patient p is in train (a) and val (e)");
    }

    @Test
    void emptyPartsAreAccepted() {
        LeakGuard.requireSeparatePatients(Map.of());
        LeakGuard.requireSeparateContent(Map.of());

        assertThat(new DatasetSplit(List.of(), List.of(), List.of()).byPart())
                .containsOnlyKeys(SplitPart.values());
    }
}
