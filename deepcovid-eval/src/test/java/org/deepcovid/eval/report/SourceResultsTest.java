package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.FittedGroups;
import org.deepcovid.core.provenance.ModelProvenance;
import org.junit.jupiter.api.Test;

class SourceResultsTest {

    private final List<LabelledImage> test = new ArrayList<>();
    private final List<ScoredImage> scores = new ArrayList<>();

    private void add(String source, boolean covid, double... scoresOfImages) {
        for (double score : scoresOfImages) {
            String id = "image " + test.size();
            Label label = covid ? Label.COVID : Label.NON_COVID;
            Map<String, String> attributes = source.isEmpty() ? Map.of() : Map.of("source", source);
            test.add(new LabelledImage(id, Path.of(id), label, id, Optional.empty(), attributes));
            scores.add(new ScoredImage(id, label, score));
        }
    }

    private SourceResults results(String... fittedSources) {
        return SourceResults.of(evaluation(fittedSources));
    }

    private Evaluation evaluation(String... fittedSources) {
        ModelProvenance other = Reports.provenance(true, 3);
        List<LabelledImage> fitted = new ArrayList<>();
        for (String source : fittedSources) {
            fitted.add(
                    new LabelledImage(
                            source,
                            Path.of(source),
                            Label.COVID,
                            source,
                            Optional.empty(),
                            Map.of("source", source)));
        }
        ModelProvenance made =
                new ModelProvenance(
                        other.config(),
                        other.weights(),
                        other.trainedLayers(),
                        other.training(),
                        other.validation(),
                        other.chosenEpoch(),
                        other.history(),
                        other.environment(),
                        other.trainedAt(),
                        List.of(),
                        FittedGroups.of(LabelSet.COVID, fitted),
                        Optional.empty(),
                        Optional.empty());
        return new Evaluation(
                Reports.spec("squeezenet-1.1"),
                made,
                Decisions.of(new DecisionThreshold(0.5, "a rule", "6 images")),
                test,
                scores,
                List.of());
    }

    /** Perfect in all, chance within each source: scores that only tell sources apart. */
    @Test
    void scoresThatTellSourcesApartAreNoBetterThanChanceWithinThem() {
        add("clinic", true, 0.9, 0.8, 0.8, 0.9, 0.7);
        add("clinic", false, 0.8, 0.9);
        add("archive", false, 0.1, 0.2, 0.1, 0.2, 0.3);
        add("ward", false, 0.05);
        SourceResults results = results("clinic");

        assertThat(results.mixed()).containsExactly("clinic");
        assertThat(results.within().orElseThrow().value()).isEqualTo(0.4);
        assertThat(results.answer())
                .startsWith("Within the sources that hold both (clinic)")
                .endsWith("no evidence that the classifier recognises covid.");
        assertThat(results.trainingSource().orElseThrow().value()).isEqualTo(1);
        assertThat(results.sources().stream().map(SourceResults.Source::name))
                .containsExactly("clinic", "archive", "ward");
        assertThat(results.toText())
                .containsPattern("clinic +yes +5 +1.000 \\[0.566, 1.000\\] +2 +0.000 \\[")
                .containsPattern("archive +no +0 +none +5 +1.000 \\[")
                .contains("fitted on from new ones with an area of 1.000");
        assertThat(evaluation("clinic").warnings())
                .anyMatch(
                        warning ->
                                warning.kind() == Warning.Kind.CONFOUNDED
                                        && warning.text()
                                                .contains(
                                                        "(clinic) the area under the ROC curve is"
                                                                + " 0.400"));
    }

    @Test
    void scoresNoBetterThanChanceAreTheGravestOfRealImages() {
        add("clinic", true, 0.9, 0.2, 0.4, 0.6);
        add("archive", false, 0.8, 0.3, 0.5, 0.55);
        Evaluation evaluation = evaluation();
        Warning first = evaluation.warnings().get(0);

        assertThat(first.kind()).isEqualTo(Warning.Kind.CHANCE);
        assertThat(first.text())
                .startsWith("Not shown to be better than chance")
                .contains(Format.auc(evaluation.roc().aucEstimate()));
        assertThat(evaluation.toText())
                .contains("no evidence that the classifier recognises covid");
    }

    @Test
    void imagesUnlikeTheTrainingImagesAreOneWarningWithTheReasons() {
        add("clinic", true, 0.9, 0.8);
        add("clinic", false, 0.1, 0.2);
        for (String reason :
                List.of("none", "share of white", "inverted grey levels", "share of white")) {
            ScoredImage image = scores.remove(0);
            scores.add(
                    new ScoredImage(
                            image.imageId(),
                            image.truth(),
                            image.probabilities(),
                            reason.equals("none")
                                    ? List.of()
                                    : List.of("unlike the training images (%s)".formatted(reason)),
                            OptionalDouble.of(reason.equals("none") ? 0.5 : 1.5)));
        }

        assertThat(evaluation().warnings().stream().map(Warning::text))
                .filteredOn(text -> text.toLowerCase(Locale.ROOT).contains("unlike"))
                .singleElement()
                .asString()
                .contains("3 of 4 test images", "2 share of white, 1 inverted grey levels");
    }

    @Test
    void imagesOfOneSourceAreBetterThanChanceIfTheirIntervalSaysSo() {
        add("clinic", true, 0.9, 0.8, 0.85, 0.9, 0.7, 0.95);
        add("clinic", false, 0.1, 0.2, 0.1, 0.2, 0.3, 0.72);
        add("", false, 0.4);
        SourceResults results = results();

        assertThat(results.answer()).endsWith("better than chance there.");
        assertThat(results.trainingSource()).isEmpty();
        assertThat(results.toText()).containsPattern("clinic +not known +6 ");
    }

    @Test
    void sourcesOfOneLabelEachCannotAnswer() {
        add("clinic", true, 0.9, 0.8);
        add("archive", false, 0.1, 0.2);

        assertThat(results("clinic").answer())
                .startsWith("No source holds both covid and other images")
                .endsWith(
                        "Images of covid and others from the same hospital, scanner and"
                                + " projection, of similar patients, would tell.");
        assertThat(results().within()).isEmpty();
    }

    @Test
    void withoutSourcesThereIsNoTable() {
        add("", true, 0.9, 0.8);
        add("", false, 0.1, 0.2);

        assertThat(results().toText()).startsWith("The dataset names no sources (column source)");
    }
}
