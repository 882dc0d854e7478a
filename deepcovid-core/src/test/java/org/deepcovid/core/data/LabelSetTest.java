package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.List;
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

    @Test
    void rejectsInvalidLabels() {
        assertRejects(() -> new Label("COVID 19"), "label 'COVID 19'");
        List<Label> twice = List.of(Label.COVID, Label.COVID);
        assertRejects(() -> new LabelSet(twice, Label.COVID), "different labels");
        List<Label> others = List.of(new Label("flu"), Label.NON_COVID);
        assertRejects(() -> new LabelSet(others, Label.COVID), "positive covid");
    }
}
