package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.cli.Terminal.words;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that fine-tune several networks and write reports, on drawn images. */
class NetworkComparisonTest {

    @TempDir static Path images;
    @TempDir Path folder;
    private Path report;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(images, 8, 4, 5, 1);
    }

    @BeforeEach
    void nameReport() {
        report = folder.resolve("report");
    }

    /** Two tiny networks; the first calls itself SqueezeNet, so that the paper speaks of it. */
    private static NetworkOptions.Source tiny() {
        return new NetworkOptions.Source(Set.of("first", "second"), NetworkComparisonTest::load);
    }

    private static Backbone load(String name, WeightsFile weights) {
        Backbone random = TinyBackbone.random(name.equals("first") ? 1 : 2);
        BackboneSpec spec = random.spec();
        BackboneSpec named =
                new BackboneSpec(
                        name.equals("first") ? "squeezenet-1.1" : spec.architecture(),
                        spec.flavour(),
                        new BackboneSpec.Input(spec.inputSize(), spec.normalization()),
                        new BackboneSpec.Features(
                                spec.featureChannels(), spec.featureSize(), spec.camLayer()),
                        spec.batchNormEpsilon(),
                        new BackboneSpec.Source(spec.licence(), spec.paper()));
        return GraphBackbone.of(
                named,
                new WeightsOrigin(weights.path().toString(), "0".repeat(64), weights.trained()),
                ((GraphBackbone) random).graph());
    }

    private Terminal.Run run(Object... words) {
        return new Terminal(folder).run(tiny(), words);
    }

    private Terminal.Run succeeds(String line, Object... values) {
        Terminal.Run run = run(words(line, values));
        assertThat(run.code()).as(run.all()).isZero();
        return run;
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(report.resolve("report.json").toFile());
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(entry -> texts.add(entry.get(field).asText()));
        return texts;
    }

    @Test
    void comparesNetworksOnTheConsoleAndSaysWhichWereNeverTrained() {
        Terminal.Run run =
                succeeds(
                        "compare --data %s --weights first=a.h5 --random second=b.h5"
                                + " --epochs 3",
                        images);
        assertThat(run.all())
                .containsPattern("(?m)^first$")
                .containsPattern(
                        "(?m)^first +(\\d\\.\\d{4} (\\[.*?])? *){3}\\d/5 +\\d\\.\\d{4} \\[.*]"
                                + " \\d/5$")
                .containsPattern("(?m)^second \\(RANDOM\\) +\\d\\.\\d{4} \\[")
                .contains(
                        "first and second, p-values adjusted for 1 pair",
                        "(DeLong)",
                        "RANDOM: weights that were never trained",
                        "Not a diagnostic device");
    }

    @Test
    void comparisonWritesAReportOnRequest() throws IOException {
        Terminal.Run run =
                succeeds(
                        "compare --data %s --weights first=a.h5 --weights second=b.h5"
                                + " --epochs 3 --seeds 2 --report %s",
                        images, report);
        assertThat(run.all()).contains("report: " + report.resolve("report.html"));
        assertThat(texts(json().get("networks"), "name")).containsExactly("first", "second");
        assertThat(json().get("comparison")).hasSize(1);
        assertThat(run.all()).contains("  seed 2: area under the ROC curve");
        assertThat(json().at("/networks/1/seeds/seeds/1").asInt()).isEqualTo(2);
        assertThat(json().at("/networks/1/seeds/auc/mean").isNumber()).isTrue();
        assertThat(json().at("/networks/1/training/seed").asInt()).isEqualTo(1);
        assertThat(Files.readString(report.resolve("report.html")))
                .contains("id=\"comparison\"")
                .doesNotContain("id=\"published\"");
    }

    @Test
    void reproducesThePaperBesideItsPublishedValues() throws IOException {
        Terminal.Run run =
                succeeds(
                        "reproduce %s -o %s --weights first=a.h5 --random second=b.h5"
                                + " --epochs 3",
                        images, report);
        assertThat(run.all()).contains("Recipe: the paper's").doesNotContain("Left out");
        String page = Files.readString(report.resolve("report.html"));
        assertThat(page)
                .contains(
                        "id=\"published\"",
                        "0.992",
                        "Recipe: the paper&#39;s",
                        "second: Random weights")
                .doesNotContain("still to come");
        assertThat(report.resolve("figures/published-auc.png")).exists();
        assertThat(json().at("/networks/0/training/recipe/recipe").asText())
                .contains("that the Deep-COVID paper describes");
        assertThat(json().at("/networks/1/backbone/trained").asBoolean()).isFalse();
    }

    /** The first run ends at the second network, whose weights are missing at first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "compare --data %s --report %s --epochs 3 --weights first=a --weights second=b",
                "reproduce %s -o %s --epochs 3 --weights first=a --weights second=b"
            })
    void theSameCommandContinuesAfterAnInterruption(String line) throws IOException {
        Terminal terminal = new Terminal(folder);
        NetworkOptions.Source broken =
                new NetworkOptions.Source(
                        tiny().names(),
                        (name, weights) -> {
                            if (name.equals("second")) {
                                throw new IllegalArgumentException("weights are missing");
                            }
                            return load(name, weights);
                        });
        assertThat(terminal.run(broken, words(line, images, report)).err())
                .contains("weights are missing")
                .doesNotContain("continuing");
        JsonNode before = json().at("/networks/0");
        Path about = line.startsWith("compare") ? images : report;
        try (WorkStore store = WorkStore.in(ResumableSubcommand.folder(about))) {
            assertThat(store.size())
                    .as("72 forms of fitting images, 24 with the centre black, 10 test images")
                    .isEqualTo(106);
        }

        Terminal.Run run = succeeds(line, images, report);
        assertThat(run.err()).containsOnlyOnce("continuing from 56 images of an interrupted run");
        assertThat(json().at("/networks/0/auc")).isEqualTo(before.get("auc"));
        assertThat(json().at("/networks/0/threshold")).isEqualTo(before.get("threshold"));
        assertThat(json().at("/networks/1/name").asText()).isEqualTo("second");
        assertThat(folder.resolve("home/unfinished")).isEmptyDirectory();
        assertThat(run(words(line, images, report)).code()).as("a finished report").isEqualTo(3);
    }

    @Test
    void followsTheReleasedScriptOnRequest() throws IOException {
        Terminal.Run run =
                succeeds(
                        "reproduce %s -o %s --weights first=a.h5 --recipe released-script"
                                + " --draws 2 --epochs 3",
                        images, report);
        assertThat(run.all()).contains("Left out, since no weights were named: second.");
        assertThat(json().at("/notes/1").asText())
                .isEqualTo("Left out, since no weights were named: second.");
        JsonNode recipe = json().at("/networks/0/training/recipe");
        assertThat(recipe.get("recipe").asText()).contains("PyTorch program released");
        assertThat(recipe.get("optimizer").asText()).contains("momentum 0.9");
        assertThat(recipe.get("departures from the program").asText())
                .contains("2 random variants of each image are used in turn");
        assertThat(json().at("/notes/0").asText())
                .contains("not the recipe that the paper describes");
    }

    @Test
    void wrongNetworksAreUsageErrors() {
        assertRefused("there is no network 'third'", " --weights third=c.h5");
        assertRefused("no network was named; expected --weights NAME=FILE", "");
        assertRefused(
                "network 'first' is given with trained and with random weights",
                " --weights first=a.h5 --random first=b.h5");
        assertRefused("--seeds is 0", " --weights first=a.h5 --seeds 0");
        Terminal.Run both = run("compare x.deepcovid --data %s --weights first=a", images);
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("expected one of them");
    }

    private void assertRefused(String message, String networks) {
        Terminal.Run run = run("reproduce %s -o %s" + networks, images, report);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("error: " + message).doesNotContain("\tat ");
        assertThat(report).doesNotExist();
    }

    @Test
    void refusesAFolderThatIsNotEmptyBeforeAnyWorkIsDone() throws IOException {
        Files.createDirectories(report);
        Path precious = Files.writeString(report.resolve("report.html"), "precious");
        Terminal.Run run = run("reproduce", images, "-o", report, "--weights", "first=a.h5");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.all())
                .contains("error: " + report + ": a report cannot be written there")
                .doesNotContain("CpuBackend", "\tat ");
        assertThat(precious).hasContent("precious");
    }
}
