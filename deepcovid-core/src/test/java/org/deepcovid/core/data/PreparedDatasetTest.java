package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TinyTree.chexpert;
import static org.deepcovid.core.data.TinyTree.covid;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.deepcovid.core.data.CovidXray5k.Counts;
import org.deepcovid.core.data.DatasetJoin.Source;
import org.deepcovid.core.io.IfExists;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of {@link DatasetJoin}, {@link CovidXray5k} and {@link PreparedDataset}. */
class PreparedDatasetTest {

    private static final DatasetOptions OPTIONS = DatasetOptions.defaults();

    @TempDir Path root;
    private final List<String> remarks = new ArrayList<>();

    private XrayDataset.Survey join(Source... sources) {
        return DatasetJoin.join(
                List.of(sources),
                root,
                OPTIONS,
                (image, text) -> remarks.add(image.id() + ": " + text));
    }

    private Source source(String name, Map<String, String> labels) {
        return new Source(name, root.resolve(name), labels, Map.of());
    }

    @Test
    void joinsSourcesWithMappedLabelsAndColumns() {
        new TinyTree(root.resolve("a")).images("NORMAL/1.png", "PNEUMONIA/1.png", "flu/1.png");
        new TinyTree(root.resolve("b"))
                .images("x.png", "y.png")
                .text(
                        "manifest.csv",
                        "file,class,subject,source",
                        "x.png,COVID,7,ward",
                        "y.png,Healthy,8,");
        Source b =
                new Source(
                        "b",
                        root.resolve("b"),
                        Map.of("covid", "covid", "*", "normal"),
                        Map.of("Class", "label", "subject", "patient"));

        XrayDataset.Survey joined =
                join(source("a", Map.of("normal", "normal", "PNEUMONIA", "other", "flu", "")), b);

        assertThat(joined.dataset().labels().names()).containsExactly("covid", "normal", "other");
        assertThat(joined.dataset().images())
                .extracting(
                        i -> i.id() + " " + i.label() + " " + i.patient(),
                        i -> i.attributes().get("source"),
                        i -> i.attributes().get("dataset"))
                .containsExactly(
                        Assertions.tuple("a/NORMAL/1.png normal a/NORMAL/1.png", "a", "a"),
                        Assertions.tuple("a/PNEUMONIA/1.png other a/PNEUMONIA/1.png", "a", "a"),
                        Assertions.tuple("b/x.png covid b:7", "ward", "b"),
                        Assertions.tuple("b/y.png normal b:8", "", "b"));
        assertThat(joined.readings().get(0).exclusions())
                .extracting(Reading.Exclusion::reason)
                .containsExactly("label is mapped to none: flu");
        assertThat(joined.dataset().images())
                .allMatch(image -> image.attributes().get("sha256").equals(image.sha256()));
    }

    @Test
    void equalImagesAreKeptOnceAndTheirPatientsBecomeOne() {
        new TinyTree(root.resolve("a"))
                .image("covid/1.png", 1)
                .image("covid/2.png", 2)
                .image("non/3.png", 3)
                .image("non/4.png", 4);
        new TinyTree(root.resolve("b"))
                .image("1.png", 1)
                .image("2.bmp", 2)
                .image("3.png", 3)
                .image("5.png", 5)
                .text(
                        "manifest.csv",
                        "file,label,patient",
                        "1.png,covid,p",
                        "2.bmp,covid,q",
                        "3.png,covid,r",
                        "5.png,covid,p");

        XrayDataset.Survey joined = join(source("a", Map.of()), source("b", Map.of()));

        assertThat(joined.dataset().images())
                .extracting(i -> i.id() + " " + i.patient())
                .containsExactly(
                        "a/covid/1.png b:p",
                        "a/covid/2.png b:q",
                        "a/non/4.png a/non/4.png",
                        "b/5.png b:p");
        assertThat(reasons(joined.readings().get(0)))
                .containsExactly("a/non/3.png equal images with different labels: as b/3.png");
        assertThat(reasons(joined.readings().get(1)))
                .containsExactly(
                        "b/1.png equal bytes: as a/covid/1.png",
                        "b/2.bmp equal pixels: as a/covid/2.png",
                        "b/3.png equal images with different labels: as a/non/3.png");
    }

    private List<String> reasons(Reading reading) {
        return reading.exclusions().stream()
                .map(e -> LabelledImage.id(root, e.file()) + " " + e.reason())
                .toList();
    }

    @Test
    void reportsTheProblemsOfAllSources() throws IOException {
        new TinyTree(root.resolve("a")).images("covid/1.png", "non/2.png");
        Files.writeString(root.resolve("a/non/2.png"), "broken");

        assertThat(
                        TextDataset.problems(
                                () ->
                                        join(
                                                source("a", Map.of("normall", "non")),
                                                source("gone", Map.of()),
                                                new Source(
                                                        "c",
                                                        root.resolve("a"),
                                                        Map.of(),
                                                        Map.of()))))
                .satisfiesExactlyInAnyOrder(
                        p ->
                                assertThat(p)
                                        .isEqualTo(
                                                "a has no images with the labels [normall] that are"
                                                        + " mapped; it has [covid, non]"),
                        p -> assertThat(p).startsWith("gone: ").endsWith("does not exist"),
                        p -> assertThat(p).isEqualTo("a/covid/1.png is in two of the datasets"),
                        p -> assertThat(p).isEqualTo("a/non/2.png is in two of the datasets"));
        assertThat(TextDataset.problems(() -> join(source("a", Map.of()))))
                .singleElement()
                .asString()
                .startsWith("a/non/2.png: ");
    }

    @Test
    void imagesAreDecodedOnceWithTheirRemarks() throws IOException {
        new TinyTree(root.resolve("a")).images("covid/1.png", "non/2.png");
        List<String> expected = new ArrayList<>();
        XrayDataset dataset = join(source("a", Map.of())).dataset();
        dataset.verify((image, text) -> expected.add(image.id() + ": " + text));
        Files.writeString(root.resolve("a/non/2.png"), "no longer an image");

        assertThat(remarks).isEqualTo(expected).hasSize(2);
        assertThat(new Duplicates().remove(dataset.images(), (image, why) -> {})).hasSize(2);
    }

    @Test
    void partsThatOnlySomeSourcesHaveAreDropped() {
        new TinyTree(root.resolve("a"))
                .images(
                        "train/covid/1.png",
                        "train/non/2.png",
                        "test/covid/3.png",
                        "test/non/4.png");
        new TinyTree(root.resolve("b")).images("covid/1.png", "non/2.png");

        XrayDataset.Survey joined = join(source("a", Map.of()), source("b", Map.of()));

        assertThat(joined.dataset().images()).hasSize(6).allMatch(i -> i.part().isEmpty());
        assertThat(joined.readings().get(0).rules()).anyMatch(rule -> rule.startsWith("own-parts"));
    }

    /** Sources with 12 patients of each category, two images per patient of No Finding. */
    private void paperSources() {
        TinyTree cohen = new TinyTree(root.resolve("cohen"));
        List<String> metadata = new ArrayList<>(List.of(TinyTree.COVID_CHESTXRAY));
        for (int i = 0; i < 12; i++) {
            cohen.images("images/c%d.png".formatted(i));
            metadata.add(
                    covid(
                            "p" + i / 2,
                            "Pneumonia/Viral/COVID-19",
                            "PA",
                            "X-ray",
                            "c%d.png".formatted(i)));
        }
        metadata.add(covid("20", "Pneumonia/Viral/SARS", "PA", "X-ray", "c0.png"));
        cohen.text("metadata.csv", metadata.toArray(new String[0]));
        TinyTree chexpert = new TinyTree(root.resolve("chexpert"));
        List<String> lines = new ArrayList<>(List.of(TinyTree.CHEXPERT));
        for (int i = 0; i < 12; i++) {
            for (String finding : CheXpert.FINDINGS) {
                int patient = (i * 14 + CheXpert.FINDINGS.indexOf(finding)) / 2; // two categories
                String path =
                        "train/patient%05d/study%d/view1_frontal.jpg"
                                .formatted(patient, CheXpert.FINDINGS.indexOf(finding));
                chexpert.images(path);
                lines.add(chexpert(path, "Frontal", finding, "1.0"));
            }
        }
        chexpert.text("train.csv", lines.toArray(new String[0]));
    }

    private PreparedDataset recipe(long seed) {
        return new CovidXray5k(new Counts(4, 5), new Counts(3, 5), new Counts(2, 2), seed)
                .prepare(root.resolve("cohen"), root.resolve("chexpert"), root, OPTIONS);
    }

    @Test
    void recipeHasTheNumbersOfThePaper() {
        CovidXray5k paper = CovidXray5k.seeded(1);
        int others = CheXpert.FINDINGS.size() - 1;

        assertThat(paper.noFinding().train() + others * paper.eachOther().train()).isEqualTo(2_000);
        assertThat(paper.noFinding().test() + others * paper.eachOther().test()).isEqualTo(3_000);
        assertThat(paper.covid().train() + paper.covid().test()).isEqualTo(184);
    }

    @Test
    void recipeSelectsExactNumbersAndKeepsPatientsApart() {
        paperSources();

        PreparedDataset prepared = recipe(1);

        Map<String, int[]> findings = prepared.counts(image -> image.attributes().get("finding"));
        assertThat(findings.get("COVID-19")).containsExactly(4, 0, 5);
        assertThat(findings.get("No Finding")).containsExactly(3, 0, 5);
        assertThat(findings.get("Fracture")).containsExactly(2, 0, 2);
        assertThat(findings).hasSize(15);
        Set<String> patients = TextDataset.patients(prepared.split().training());
        assertThat(TextDataset.patients(prepared.split().test()))
                .doesNotContainAnyElementsOf(patients);
        assertThat(prepared.readings())
                .extracting(r -> r.exclusions().size())
                .containsExactly(12 - 9 + 1, 12 * 14 - 3 - 5 - 13 * 4);
        assertThat(new HashSet<>(reasons(prepared.readings().get(0))))
                .contains("cohen/images/c0.png a category that is not used: SARS");
        assertThat(
                        TextDataset.problems(
                                () ->
                                        new CovidXray5k(
                                                        new Counts(9, 9),
                                                        new Counts(3, 5),
                                                        new Counts(2, 2),
                                                        1)
                                                .prepare(
                                                        root.resolve("cohen"),
                                                        root.resolve("chexpert"),
                                                        root,
                                                        OPTIONS)))
                .containsExactly(
                        "COVID-19: 12 images of 6 patients can be used, and train needs 7 more of"
                                + " other patients");
    }

    @Test
    void equalSeedGivesEqualFilesAlsoAfterAnInterruption() throws IOException {
        paperSources();
        Path manifest = root.resolve("manifest.csv");
        PreparedDataset prepared = recipe(3);
        prepared.write(manifest, IfExists.FAIL);
        String first = Files.readString(manifest);
        List<Path> companions = prepared.companions(manifest);
        String card = Files.readString(companions.get(1));
        assertThat(card)
                .contains(
                        "| covid | 4 | 0 | 5 |",
                        "| non | 29 | 0 | 31 |",
                        "| Fracture | 2 | 0 | 2 |")
                .contains("U-Ignore", "Stanford University Dataset Research Use Agreement", "CC BY")
                .contains("Seed 3");
        assertThat(Files.readAllLines(companions.get(0)))
                .hasSize(
                        1 + prepared.readings().stream().mapToInt(r -> r.exclusions().size()).sum())
                .contains(
                        "cohen/images/c0.png,covid-chestxray-dataset,a category that is not used:"
                                + " SARS");
        assertThat(first)
                .startsWith("file,label,patient,split,source,license,")
                .contains(",sha256");

        Files.delete(manifest); // as if the run had been killed before its last file
        recipe(3).write(manifest, IfExists.FAIL);

        assertThat(manifest).hasContent(first);
        assertThat(XrayDataset.read(manifest).images()).hasSize(69);
        Files.delete(manifest);
        Assertions.assertThatThrownBy(() -> recipe(4).write(manifest, IfExists.FAIL))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(manifest).doesNotExist();
        recipe(4).write(manifest, IfExists.REPLACE);
        assertThat(Files.readString(manifest)).isNotEqualTo(first);
    }
}
