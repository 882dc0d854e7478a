package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;
import org.junit.jupiter.api.Test;

class SubgroupsTest {

    private static LabelledImage image(int i, Map<String, String> attributes) {
        Label label = i % 3 == 0 ? Label.COVID : Label.NON_COVID;
        return new LabelledImage(
                "i" + i, Path.of("i" + i), label, "p" + i, Optional.empty(), attributes);
    }

    /** Every third image is COVID. */
    private static List<LabelledImage> images(int n, IntFunction<Map<String, String>> attributes) {
        return IntStream.range(0, n).mapToObj(i -> image(i, attributes.apply(i))).toList();
    }

    private static ScoredLabels scores(List<LabelledImage> images) {
        boolean[] truth = new boolean[images.size()];
        double[] scores = new double[images.size()];
        for (int i = 0; i < scores.length; i++) {
            truth[i] = images.get(i).label().equals(Label.COVID);
            scores[i] = (i * 37 % 100) / 100.0;
        }
        return ScoredLabels.ofProbabilities(truth, scores);
    }

    private static Subgroups groups(List<LabelledImage> images) {
        return Subgroups.of(LabelSet.COVID, scores(images), images, 0.5);
    }

    private static String band(String age) {
        return Subgroups.value(image(0, Map.of("age", age)), "age");
    }

    @Test
    void agesBecomeBands() {
        assertThat(Stream.of("0", "17.9", "18", "40", " 60 ", "80").map(SubgroupsTest::band))
                .containsExactly("0 to 17", "0 to 17", "18 to 39", "40 to 59", "60 to 79", "80 on");
        assertThat(Stream.of("sixty", "-1", "NaN", "").map(SubgroupsTest::band))
                .containsOnly("unknown");
    }

    @Test
    void onlyAttributesThatSomeImageHasGetATable() {
        List<LabelledImage> images =
                images(30, i -> i == 7 ? Map.of("sex", "F", "view", " ") : Map.of("other", "x"));

        Map<String, SubgroupTable> tables = groups(images).tables();

        assertThat(tables).containsOnlyKeys("sex");
        assertThat(tables.get("sex").rows())
                .extracting(SubgroupTable.Row::group)
                .containsExactly("F", "unknown");
    }

    @Test
    void rareValuesAreGatheredWhereThereAreVeryMany() {
        List<LabelledImage> images = images(300, i -> Map.of("source", "clinic " + i / 10));

        SubgroupTable table = groups(images).tables().get("source");

        assertThat(table.rows()).hasSize(20);
        assertThat(table.rows().stream().mapToInt(r -> r.rates().counts().total()).sum())
                .isEqualTo(300);
        assertThat(table.rows()).anyMatch(row -> row.group().equals("other values"));
    }

    @Test
    void groupsOfOneClassAreSmallOnlyIfThatClassIs() {
        List<LabelledImage> images =
                images(90, i -> Map.of("finding", i % 3 == 0 ? "COVID-19" : i < 15 ? "rare" : "f"));

        assertThat(groups(images).tables().get("finding").rows())
                .extracting(SubgroupTable.Row::group, Subgroups::isSmall)
                .containsExactlyInAnyOrder(
                        tuple("COVID-19", false), tuple("f", false), tuple("rare", false));
        assertThat(groups(images.subList(0, 12)).tables().get("finding").rows())
                .allMatch(Subgroups::isSmall);
    }

    @Test
    void histogramsSeparateNormalFromOtherFindings() {
        List<LabelledImage> images =
                images(30, i -> Map.of("finding", i % 3 == 1 ? "No Finding" : "Pneumonia"));

        Map<String, ScoredLabels> groups = groups(images).histograms();

        assertThat(groups.keySet()).containsExactly("covid", "normal", "other findings");
        assertThat(groups.get("covid").size()).isEqualTo(10);
        assertThat(groups.get("normal").positives()).isZero();
    }

    @Test
    void histogramsShowTheTwoClassesWhereFindingsAreUnknown() {
        List<LabelledImage> images = images(30, i -> Map.of());

        assertThat(groups(images).histograms().keySet()).containsExactly("covid", "non");
        assertThat(groups(images).findingAreas()).isEmpty();
    }

    @Test
    void everyFindingIsComparedWithAllCovidImages() {
        List<LabelledImage> images =
                images(30, i -> Map.of("finding", i % 3 == 0 ? "COVID-19" : "f" + i % 3));
        ScoredLabels scores = scores(images);

        assertThat(groups(images).findingAreas()).containsOnlyKeys("f1", "f2");
        double wins = 0;
        for (int covid = 0; covid < 30; covid += 3) {
            for (int other = 1; other < 30; other += 3) {
                wins += scores.score(covid) > scores.score(other) ? 1 : 0;
                wins += scores.score(covid) == scores.score(other) ? 0.5 : 0;
            }
        }
        assertThat(groups(images).findingAreas().get("f1").auc()).isEqualTo(wins / 100);
    }
}
