package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThatThrownBy(() -> LabelSet.COVID.indexOf(new Label("flu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label flu; expected one of [non, covid]");
    }

    @Test
    void rejectsInvalidLabels() {
        assertThatThrownBy(() -> new Label("COVID 19"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 'COVID 19'");
        List<Label> twice = List.of(Label.COVID, Label.COVID);
        assertThatThrownBy(() -> new LabelSet(twice, Label.COVID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different labels");
        List<Label> others = List.of(new Label("flu"), Label.NON_COVID);
        assertThatThrownBy(() -> new LabelSet(others, Label.COVID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("positive covid");
    }
}
