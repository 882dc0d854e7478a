package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelSetTest {

    @Test
    void readsLabelsByName() {
        assertThat(LabelSet.COVID.parse(" Covid ")).contains(Label.COVID);
        assertThat(LabelSet.COVID.parse("NON")).contains(new Label("non"));
        assertThat(LabelSet.COVID.parse("flu")).isEmpty();
    }

    @Test
    void outputsAreInTheOrderOfTheLabels() {
        assertThat(LabelSet.COVID.indexOf(new Label("non"))).isZero();
        assertThat(LabelSet.COVID.indexOf(LabelSet.COVID.positive())).isEqualTo(1);
        assertRejects(() -> LabelSet.COVID.indexOf(new Label("flu")))
                .hasMessage("label flu; expected one of [non, covid]");
    }

    private static LabelSet set(String positive, String... names) {
        return LabelSet.of(List.of(names), Optional.ofNullable(positive));
    }

    @Test
    void covidAndNonAreTheTwoLabelsInAnySpelling() {
        assertThat(set(null, "COVID", "Non")).isEqualTo(LabelSet.COVID);
        assertThat(set(null, "covid")).isEqualTo(LabelSet.COVID);
        assertThat(set(null)).isEqualTo(LabelSet.COVID);
        assertThat(set(null, "covid", "flu", "non")).isEqualTo(LabelSet.COVID);
        assertThat(set("Non", "covid", "non"))
                .isEqualTo(new LabelSet(LabelSet.COVID.labels(), Label.NON_COVID));
    }

    @Test
    void otherLabelsAreSortedAndKeepTheirSpelling() {
        LabelSet labels = set(null, "pneumonia", "No Finding", "COVID-19", "PNEUMONIA", "edema ");

        assertThat(labels.names()).containsExactly("COVID-19", "edema", "No Finding", "pneumonia");
        assertThat(labels.positive()).isEqualTo(new Label("COVID-19"));
        assertThat(set(" edema", "b", "Edema").positive()).isEqualTo(new Label("Edema"));
    }

    @Test
    void thePositiveLabelMustBeClear() {
        assertRejects(
                () -> set(null, "NORMAL", "PNEUMONIA"), "[NORMAL, PNEUMONIA] is the positive");
        assertRejects(
                () -> set(null, "COVID-19", "covid", "flu"), "choose it with --positive NAME");
        assertRejects(
                () -> set("cold", "flu", "covid"), "'cold' is none of the labels [covid, flu]");
        assertRejects(() -> set("flu", "flu"), "the only label is [flu]; expected two or more");
    }

    @Test
    void rejectsInvalidLabels() {
        assertRejects(() -> new Label(" COVID"), "label is ' COVID'; expected no outer blanks");
        assertRejects(() -> new Label("a\tb"), "no control characters");
        assertRejects(() -> new Label("a|b"), "several labels per image are not supported");
        List<Label> spellings = List.of(new Label("Flu"), new Label("flu"));
        assertRejects(() -> new LabelSet(spellings, new Label("flu")), "different labels");
        List<Label> twice = List.of(Label.COVID, Label.COVID);
        assertRejects(() -> new LabelSet(twice, Label.COVID), "different labels");
        List<Label> others = List.of(new Label("flu"), Label.NON_COVID);
        assertRejects(() -> new LabelSet(others, Label.COVID), "positive covid");
    }
}
