package org.deepcovid.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.provenance.FittedGroups;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierFileTest {

    @TempDir static Path images;
    @TempDir Path folder;
    private static FineTuned run;
    private static CovidClassifier classifier;
    private Path file;

    @BeforeAll
    static void fineTune() {
        SyntheticRadiographs.writeParts(images, 4, 3, 0, 1);
        run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(XrayDataset.read(images)).fitting(),
                        FineTuneConfig.defaults().withEpochs(1));
        classifier = run.classifier();
    }

    @AfterAll
    static void close() {
        run.close();
    }

    @BeforeEach
    void save() {
        file = folder.resolve("a.deepcovid");
        classifier.save(file);
    }

    /**
     * The files and the scores were written by the programs {@code schemas/WriteSchema1.txt},
     * {@code WriteSchema2.txt} and {@code WriteSchema3.txt}, run as {@code java -cp
     * deepcovid-core.jar:deepcovid-core-tests.jar:... WriteSchema1.java FOLDER} with the classes of
     * commits 8f55fcf, 54fa418 and 37a03e8.
     */
    private static Stream<Arguments> earlierFiles() {
        FineTuneConfig script = FineTuneConfig.releasedScript();
        List<Double> first =
                List.of(
                        0.5200943821783666,
                        0.52213181902168,
                        0.5332898259452362,
                        0.5443363604503154,
                        0.5387096894206489,
                        0.5280939505930088);
        List<Double> second =
                List.of(
                        0.4647182560997293,
                        0.46168537286668976,
                        0.461731855765938,
                        0.43711323321124684,
                        0.4507625686513367,
                        0.4481744723513981);
        return Stream.of(
                Arguments.of("schema-1", script, first),
                Arguments.of("schema-2", FineTuneConfig.defaults(), second),
                Arguments.of("schema-3", FineTuneConfig.defaults(), second));
    }

    @Test
    void aFileOfThePapersRecipeIsReadByEarlierReleasesToo() throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(
                            new String(
                                    zip.getInputStream(zip.getEntry("model.json")).readAllBytes(),
                                    StandardCharsets.UTF_8))
                    .contains("\"crop\" : null")
                    .doesNotContain("standardization", "acquisition");
        }
    }

    @ParameterizedTest
    @MethodSource("earlierFiles")
    void aFileOfAnEarlierSchemaGivesTheSameScores(
            String name, FineTuneConfig recipe, List<Double> expected) throws Exception {
        Path earlier =
                Path.of(
                        requireNonNull(getClass().getResource("/schemas/" + name + ".deepcovid"))
                                .toURI());
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 3, 3, 1);
        try (CovidClassifier loaded = CovidClassifier.load(earlier)) {
            List<ScoredImage> scores =
                    loaded.score(PatientSplitter.seeded(1).split(XrayDataset.read(data)).test());
            assertThat(scores)
                    .extracting(ScoredImage::positiveProbability)
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-7 ? 0 : 1)
                    .containsExactlyElementsOf(expected);
            assertThat(loaded.provenance().config())
                    .isEqualTo(recipe.withEpochs(8).withLearningRate(0.01).withSeed(3));
            assertThat(loaded.labels()).isEqualTo(LabelSet.COVID);
            assertThat(loaded.inputCheck()).isEmpty();
            assertThat(loaded.decisions())
                    .isEqualTo(loaded.threshold().map(Decisions::of).orElse(Decisions.none()));
            assertThat(loaded.provenance().training().imagesByLabel())
                    .isEqualTo(Map.of("non", 6, "covid", 6));
            assertThat(loaded.spec()).isEqualTo(classifier.spec());
            Path again = folder.resolve("again.deepcovid");
            loaded.save(again);
            try (CovidClassifier second = CovidClassifier.load(again)) {
                assertThat(second.provenance()).isEqualTo(loaded.provenance());
            }
        }
    }

    @Test
    void calibrationAndLabelSetsAreSavedBesideTheTrainedHead() {
        List<LabelledImage> sample = XrayDataset.read(images).images();
        List<ScoredImage> raw = classifier.score(sample);
        Decisions decisions =
                new Decisions(
                        Optional.of(
                                new ScoreCalibration(
                                        ScoreCalibration.Method.PLATT, 0.4, -0.25, "6 images")),
                        Optional.of(
                                new DecisionThreshold(0.5, "fixed", "6 images")
                                        .withReview(new ReviewRange(0.3, 0.6, "wide"))),
                        Optional.of(LabelSets.of(raw, "6 images")),
                        List.of(Recalibration.of(LabelSet.COVID, sample, Decisions.none())));
        Path saved = folder.resolve("calibrated.deepcovid");
        classifier.with(decisions).save(saved);

        try (CovidClassifier loaded = CovidClassifier.load(saved)) {
            assertThat(loaded.decisions()).isEqualTo(decisions);
            assertThat(loaded.score(sample))
                    .isEqualTo(classifier.with(decisions).score(sample))
                    .isNotEqualTo(raw);
            assertThat(loaded.with(Decisions.none()).score(sample)).isEqualTo(raw);
            assertThat(decisions.wereChosenOn(sample.get(0).pixelsSha256())).isTrue();
            assertThat(decisions.wereChosenOn("0".repeat(64))).isFalse();
        }
    }

    /** Files without them have no such property, so that earlier releases read them. */
    @Test
    void sourcesAreSavedAndPatientsAreNot() throws IOException {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 3, 0, 1);
        List<LabelledImage> images =
                XrayDataset.read(data).images().stream()
                        .map(
                                image ->
                                        new LabelledImage(
                                                image.id(),
                                                image.radiograph(),
                                                image.label(),
                                                "Patient " + image.id(),
                                                image.part(),
                                                Map.of(
                                                        "source", "clinic " + image.label(),
                                                        "age", "42",
                                                        "sex", "")))
                        .toList();
        DatasetSplit named =
                PatientSplitter.seeded(1)
                        .split(
                                new XrayDataset(
                                        data, LabelSet.COVID, images, Optional.of("manifest")));
        Path saved = folder.resolve("named.deepcovid");
        try (FineTuned fitted =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        named.fitting(),
                        FineTuneConfig.defaults().withEpochs(1))) {
            fitted.classifier().save(saved);
        }
        assertThat(new String(entries().get("model.json"), StandardCharsets.UTF_8))
                .doesNotContain("groups");
        try (CovidClassifier loaded = CovidClassifier.load(saved)) {
            assertThat(loaded.provenance().layout()).contains("manifest");
            FittedGroups groups = loaded.provenance().groups().orElseThrow();
            assertThat(groups.byAttribute())
                    .isEqualTo(
                            Map.of(
                                    "source",
                                    Map.of(
                                            "clinic covid", Map.of("covid", 9, "non", 0),
                                            "clinic non", Map.of("covid", 0, "non", 9)),
                                    "age",
                                    Map.of("40 to 59", Map.of("covid", 9, "non", 9))));
            assertThat(groups.wasFitted("source", "clinic non")).contains(true);
            assertThat(groups.wasFitted("source", "ward")).contains(false);
            assertThat(groups.wasFitted("source", "unknown")).isEmpty();
            assertThat(groups.wasFitted("view", "PA")).isEmpty();
        }
        file = saved;
        assertThat(new String(entries().get("model.json"), StandardCharsets.UTF_8))
                .contains("\"groups\"")
                .doesNotContain("Patient");
    }

    private static void assertRefused(Path refused, String reason) {
        assertFails(
                ClassifierFileException.class,
                () -> CovidClassifier.load(refused),
                refused.toString(),
                reason);
    }

    private Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private Path write(Map<String, byte[]> entries, int method) throws IOException {
        Path written = folder.resolve("edited.deepcovid");
        try (OutputStream out = Files.newOutputStream(written);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(e.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    CRC32 crc = new CRC32();
                    crc.update(e.getValue());
                    entry.setSize(e.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(e.getValue());
            }
        }
        return written;
    }

    /** Changes the text of model.json and brings the checksums up to date. */
    private Path withModel(UnaryOperator<String> change) throws IOException {
        Map<String, byte[]> entries = entries();
        String model = new String(entries.get("model.json"), StandardCharsets.UTF_8);
        String changed = change.apply(model);
        assertThat(changed).isNotEqualTo(model);
        entries.put("model.json", changed.getBytes(StandardCharsets.UTF_8));
        return write(withSums(entries), ZipEntry.STORED);
    }

    private static Map<String, byte[]> withSums(Map<String, byte[]> entries) {
        String sums = "";
        for (String name : new String[] {"model.json", "weights.safetensors"}) {
            sums += FileHashes.sha256(entries.get(name)) + "  " + name + "\n";
        }
        entries.put("SHA256SUMS", sums.getBytes(StandardCharsets.UTF_8));
        return entries;
    }

    @Test
    void fileHoldsThreePlainEntriesAndNoClassName() throws IOException {
        assertThat(entries().keySet())
                .containsExactly("model.json", "weights.safetensors", "SHA256SUMS");
        String model = new String(entries().get("model.json"), StandardCharsets.UTF_8);
        assertThat(model).contains("Not a diagnostic device").doesNotContain("org.deepcovid");
    }

    @Test
    void refusesTruncationAtAnyLength() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.deepcovid");
        for (int length = 0; length < bytes.length; length += 1 + bytes.length / 97) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertRefused(cut, "not a saved classifier, or cut short");
        }
    }

    @Test
    void refusesEveryFlippedByteOrGivesTheSameClassifier() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Path flipped = folder.resolve("flipped.deepcovid");
        int refused = 0;
        for (int i = 0; i < bytes.length; i += 1 + bytes.length / 211) {
            byte[] copy = bytes.clone();
            copy[i] ^= 0x10;
            Files.write(flipped, copy);
            try (CovidClassifier loaded = CovidClassifier.load(flipped)) {
                assertThat(loaded.head()).isEqualTo(classifier.head());
                assertThat(loaded.provenance()).isEqualTo(classifier.provenance());
            } catch (ClassifierFileException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(150); // the rest fell on times and attributes of entries
    }

    @Test
    void refusesAnEditedModel() throws IOException {
        Map<String, byte[]> entries = entries();
        String model = new String(entries.get("model.json"), StandardCharsets.UTF_8);
        entries.put("model.json", (" " + model).getBytes(StandardCharsets.UTF_8));
        assertRefused(write(entries, ZipEntry.STORED), "model.json does not match its checksum");
    }

    @Test
    void refusesForeignFiles() throws IOException {
        assertRefused(Files.writeString(folder.resolve("text"), "hello"), "not a saved classifier");
        assertRefused(folder.resolve("missing"), "there is no such file");
        assertRefused(folder, "is a folder; expected a classifier");

        Map<String, byte[]> foreign = entries();
        foreign.put("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
        assertRefused(write(foreign, ZipEntry.STORED), "it holds 4 entries");
        assertRefused(write(entries(), ZipEntry.DEFLATED), "is compressed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(?s).* | {} | not of a DeepCovid classifier",
                "^\\{ | '' | model.json",
                "\"trainedAt\" | \"trainedWhen\" | trainedAt",
                "\"non\", \"covid\" | \"non\", \"flu\" | labels [non, flu], positive covid;"
                        + " expected",
                "\"non\", \"covid\" | \"covid\" | its head maps 12 features to 2 classes; expected"
                        + " 12 to 1",
                "\"schemaVersion\" : 4 | \"schemaVersion\" : 5 | it has schema version 5; this"
                        + " library reads versions 1 to 4: use a newer release",
                TinyBackbone.ARCHITECTURE
                        + " | vision-transformer | its network is"
                        + " vision-transformer, and the class path offers",
                "\"featureChannels\" : 12 | \"featureChannels\" : 13 | the feature map of the"
                        + " network is [13, ",
                "\"inputSize\" : \\d+ | \"inputSize\" : 4095 | the input of the network is [3,"
                        + " 4095, 4095] by its specification",
                "\"inputSize\" : \\d+ | \"inputSize\" : 4097 | inputSize is 4097; expected at most"
                        + " 4096",
                "\"inputSize\" : 48 | \"inputSize\" : 48.9 | Floating-point",
                "\"patients\" : \\d+ | \"patients\" : -1 | counts",
                "\"chosenEpoch\" : 1 | \"chosenEpoch\" : 2 | chosenEpoch is 2 of 1",
                "\"labels\" : \\[[^]]*] | \"labels\" : null | model.json cannot be understood",
                "(?s)\"provenance\" : \\{.*\\}\\s*$ | \"provenance\" : null } | provenance is null",
                "\"featureSize\" : \\d+ | \"featureSize\" : 77 | the feature map of the network is"
                        + " [12, 77, 77] by its specification",
                "\"positive\" : | \"positive\" : \"non\", \"positive\" : | Duplicate field",
                "\\}\\s*$ | } {} | Trailing token"
            })
    void refusesModelsThatCannotBeUnderstood(String part, String replacement, String reason)
            throws IOException {
        assertRefused(withModel(m -> m.replaceFirst(part, replacement)), reason);
    }

    /** With a plan, and without one, so that the network runs as a DL4J graph. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyNumberIsCheckedOrDoesNoHarm(boolean plan) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode model = (ObjectNode) json.readTree(entries().get("model.json"));
        if (!plan) {
            model.putNull("plan");
        }
        Path image = images.resolve("train/covid/000.png");
        int refused = 0;
        for (JsonPointer number : numbers(JsonPointer.empty(), model)) {
            for (double value : new double[] {-1, 0, Integer.MAX_VALUE, 1e300}) {
                ObjectNode changed = model.deepCopy();
                JsonNode parent = changed.at(number.head());
                JsonNode leaf =
                        value == (int) value
                                ? IntNode.valueOf((int) value)
                                : DoubleNode.valueOf(value);
                if (parent instanceof ObjectNode object) {
                    object.set(number.last().getMatchingProperty(), leaf);
                } else {
                    ((ArrayNode) parent).set(number.last().getMatchingIndex(), leaf);
                }
                Map<String, byte[]> entries = entries();
                entries.put("model.json", json.writeValueAsBytes(changed));
                Path edited = write(withSums(entries), ZipEntry.STORED);
                try (CovidClassifier loaded = CovidClassifier.load(edited)) {
                    assertThat(loaded.predict(image).positiveProbability())
                            .as("%s: %s", number, value)
                            .isBetween(0.0, 1.0);
                } catch (ClassifierFileException e) {
                    refused++;
                } catch (IllegalStateException e) {
                    assertThat(e)
                            .hasMessageContaining("the classifier")
                            .hasMessageContaining("NaN");
                }
            }
        }
        assertThat(refused).isGreaterThan(plan ? 100 : 30);
    }

    private static List<JsonPointer> numbers(JsonPointer at, JsonNode node) {
        List<JsonPointer> found = new ArrayList<>();
        if (node.isNumber()) {
            found.add(at);
        }
        node.fieldNames()
                .forEachRemaining(
                        name -> found.addAll(numbers(at.appendProperty(name), node.get(name))));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.addAll(numbers(at.appendIndex(i), node.get(i)));
        }
        return found;
    }

    private Path withWeights(float value) throws IOException {
        Map<String, byte[]> entries = entries();
        byte[] weights = entries.get("weights.safetensors");
        int start = 8 + ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        for (int i = start; i < weights.length; i += Float.BYTES) {
            ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putFloat(i, value);
        }
        return write(withSums(entries), ZipEntry.STORED);
    }

    @Test
    void refusesWeightsThatAreNotFiniteByTheFile() throws IOException {
        assertRefused(withWeights(Float.NaN), "expected finite numbers");
    }

    @Test
    void aScoreOfNanNamesTheClassifierAndNotTheImage() throws IOException {
        try (CovidClassifier loaded = CovidClassifier.load(withWeights(Float.MAX_VALUE))) {
            assertFails(
                            IllegalStateException.class,
                            () -> loaded.predict(images.resolve("train/covid/000.png")),
                            "the classifier ("
                                    + TinyBackbone.ARCHITECTURE
                                    + ") gives a score of NaN")
                    .hasMessageNotContaining("000.png");
        }
    }

    @Test
    void replacesOnlyOnRequest() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertFails(
                ClassifierFileException.class,
                () -> classifier.save(file),
                file + ": the classifier was not saved: exists; choose another name");
        classifier.save(file, IfExists.REPLACE);
        assertThat(file).hasBinaryContent(before);
    }

    /** The other reasons are those of {@link org.deepcovid.core.io.AtomicFile}. */
    @Test
    void reportsThatAFolderCannotTakeTheFileAndLeavesNothing() throws IOException {
        Path readOnly = Path.of(URI.create("jrt:/java.base/b.deepcovid"));
        assertFails(
                        ClassifierFileException.class,
                        () -> classifier.save(readOnly),
                        "the classifier was not saved")
                .hasMessageMatching("(?s).*(read-only file system|cannot be written to).*");
        assertFails(
                ClassifierFileException.class,
                () -> CovidClassifier.checkWritable(readOnly, IfExists.FAIL));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }
}
