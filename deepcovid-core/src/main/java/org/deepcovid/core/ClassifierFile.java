package org.deepcovid.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkParameters;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.OnnxExport;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.inference.UnsupportedLayerException;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A saved classifier: a zip of three uncompressed entries, {@code model.json}, {@code
 * weights.safetensors} and {@code SHA256SUMS} with the checksums of the other two. Equal
 * classifiers give equal bytes.
 */
final class ClassifierFile {

    private static final String MODEL = "model.json";
    private static final String WEIGHTS = "weights.safetensors";
    private static final String SUMS = "SHA256SUMS";
    private static final Set<String> ENTRIES = new TreeSet<>(Set.of(MODEL, WEIGHTS, SUMS));
    private static final String BACKBONE = "backbone/";
    private static final String INPUT = "input/";
    private static final String HEAD_WEIGHTS = "head/weights";
    private static final String HEAD_BIAS = "head/bias";
    private static final long LONGEST_SUMS = 1 << 10;
    private static final long LONGEST_MODEL = 256L << 20; // millions of short hashes fit
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private ClassifierFile() {}

    static void write(CovidClassifier classifier, Path file, IfExists ifExists) {
        try {
            byte[] model = ClassifierDocument.of(classifier, plan(classifier)).toJson();
            Map<String, INDArray> tensors = tensors(classifier);
            AtomicFile.write(file, ifExists, out -> write(out, model, tensors));
        } catch (IOException e) {
            throw new ClassifierFileException(
                    file, "the classifier was not saved: " + AtomicFile.reason(e), e);
        }
    }

    /** The trunk's plan, or empty for a network that cannot be expressed by one. */
    private static Optional<NetworkPlan> plan(CovidClassifier classifier) {
        try {
            return Optional.of(trunk(classifier));
        } catch (UnsupportedLayerException e) {
            return Optional.empty(); // it then runs as a DL4J graph, here and when loaded
        }
    }

    private static NetworkPlan trunk(CovidClassifier classifier) {
        return NetworkPlan.of(classifier.backbone())
                .reducedTo(Set.of(NetworkOutput.FEATURE_MAP, NetworkOutput.FEATURES));
    }

    static void exportOnnx(
            CovidClassifier classifier, Path file, OnnxExport.Input input, IfExists ifExists) {
        try {
            OnnxExport export =
                    OnnxExport.of(
                                    trunk(classifier),
                                    NetworkParameters.of(classifier.backbone()),
                                    classifier.spec().normalization())
                            .withInput(input)
                            .withHead(
                                    classifier.head(),
                                    classifier.labels().names(),
                                    classifier.labels().positive().name());
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("scores", classifier.decisions().describeScores());
            Standardization standardization = classifier.preprocessing().standardization();
            if (standardization != Standardization.NONE) {
                metadata.put("standardization", standardization.describe());
            }
            export = export.withMetadata(metadata);
            if (classifier.threshold().isPresent()) {
                export = export.withThreshold(classifier.threshold().get().value());
            }
            export.write(file, ifExists);
        } catch (IOException | UnsupportedLayerException e) {
            throw new ClassifierFileException(
                    file, "the classifier was not exported: " + e.getMessage(), e);
        }
    }

    static void checkWritable(Path file, IfExists ifExists) {
        try {
            AtomicFile.checkWritable(file, ifExists);
        } catch (IOException e) {
            throw new ClassifierFileException(
                    file, "a classifier cannot be saved there: " + AtomicFile.reason(e), e);
        }
    }

    private static Map<String, INDArray> tensors(CovidClassifier classifier) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        classifier
                .backbone()
                .parameters()
                .forEach((name, array) -> tensors.put(BACKBONE + name, array));
        LinearHead head = classifier.trainedHead();
        tensors.put(
                HEAD_WEIGHTS,
                Nd4j.create(head.weights(), new long[] {head.classes(), head.features()}, 'c'));
        tensors.put(HEAD_BIAS, Nd4j.create(head.bias(), new long[] {head.classes()}, 'c'));
        classifier
                .inputCheck()
                .ifPresent(
                        check ->
                                check.tensors()
                                        .forEach(
                                                (name, values) ->
                                                        tensors.put(
                                                                INPUT + name,
                                                                Nd4j.createFromArray(values))));
        return tensors;
    }

    private static void write(OutputStream out, byte[] model, Map<String, INDArray> tensors)
            throws IOException {
        AtomicFile.Content modelContent = entry -> entry.write(model);
        AtomicFile.Content weights = entry -> SafetensorsWriter.write(entry, tensors, Map.of());
        ZipOutputStream zip = new ZipOutputStream(out);
        String sums =
                "%s  %s%n".formatted(put(zip, MODEL, modelContent), MODEL)
                        + "%s  %s%n".formatted(put(zip, WEIGHTS, weights), WEIGHTS);
        put(
                zip,
                SUMS,
                entry ->
                        entry.write(
                                sums.replace(System.lineSeparator(), "\n")
                                        .getBytes(StandardCharsets.UTF_8)));
        zip.finish();
    }

    /** Writes an entry uncompressed, which needs a first pass for its size; returns its SHA-256. */
    private static String put(ZipOutputStream zip, String name, AtomicFile.Content content)
            throws IOException {
        CRC32 crc = new CRC32();
        MessageDigest digest = FileHashes.newDigest();
        long[] size = new long[1];
        OutputStream counting =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        size[0]++;
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        size[0] += length;
                    }
                };
        content.writeTo(new DigestOutputStream(new CheckedOutputStream(counting, crc), digest));
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size[0]);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(ENTRY_TIME);
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
        return FileHashes.hex(digest);
    }

    /**
     * @param precision empty for that of the file
     */
    static CovidClassifier read(Path file, Optional<Precision> precision) {
        if (!Files.isRegularFile(file)) {
            throw new ClassifierFileException(
                    file,
                    (Files.isDirectory(file) ? "is a folder" : "there is no such file")
                            + "; expected a classifier that a fine-tuning saved");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            requireEntries(zip);
            verifySums(zip);
            ClassifierDocument document =
                    ClassifierDocument.parse(bytes(zip, MODEL, LONGEST_MODEL));
            return build(
                    document, tensors(zip), precision.orElse(document.provenance().precision()));
        } catch (ZipException e) {
            throw new ClassifierFileException(
                    file,
                    "not a saved classifier, or cut short (%s); save or copy it again"
                            .formatted(e.getMessage()),
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ClassifierFileException(
                    file, "the classifier was refused: " + e.getMessage(), e);
        }
    }

    private static void requireEntries(ZipFile zip) {
        List<? extends ZipEntry> entries = zip.stream().toList();
        Set<String> names =
                entries.stream()
                        .map(ZipEntry::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (entries.size() != ENTRIES.size() || !names.equals(ENTRIES)) {
            throw new IllegalArgumentException(
                    "it holds %d entries %s; a classifier holds exactly %s"
                            .formatted(entries.size(), names, ENTRIES));
        }
        for (ZipEntry entry : entries) {
            if (entry.getMethod() != ZipEntry.STORED
                    || entry.getSize() != entry.getCompressedSize()) {
                throw new IllegalArgumentException(
                        "its entry %s is compressed; a classifier's entries are not"
                                .formatted(entry.getName()));
            }
        }
    }

    private static void verifySums(ZipFile zip) throws IOException {
        String[] lines =
                new String(bytes(zip, SUMS, LONGEST_SUMS), StandardCharsets.UTF_8).split("\n", -1);
        for (String name : List.of(MODEL, WEIGHTS)) {
            String found;
            try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
                found = FileHashes.sha256(in);
            }
            if (!List.of(lines).contains(found + "  " + name)) {
                throw new IllegalArgumentException(
                        ("its %s does not match its checksum: it was damaged or edited after it was"
                                        + " saved")
                                .formatted(name));
            }
        }
    }

    private static byte[] bytes(ZipFile zip, String name, long longest) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry.getSize() > longest) {
            throw new IllegalArgumentException(
                    "its %s has %d bytes; expected at most %d"
                            .formatted(name, entry.getSize(), longest));
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Carries one tensor from the file to the engine; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Tensor(List<Long> shape, float[] values) {}

    /** Reads the weights as plain arrays, so that ND4J need not start. */
    private static Map<String, Tensor> tensors(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(WEIGHTS);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (SafetensorsReader reader =
                SafetensorsReader.of(WEIGHTS, zip.getInputStream(entry), entry.getSize())) {
            reader.forEach(
                    header -> true,
                    (header, values) -> {
                        requireFinite(header.name(), values);
                        tensors.put(header.name(), new Tensor(header.shape(), values));
                    });
        }
        return tensors;
    }

    private static void requireFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "its tensor '%s' holds %s; expected finite numbers (did training diverge?)"
                                .formatted(name, value));
            }
        }
    }

    private static CovidClassifier build(
            ClassifierDocument document, Map<String, Tensor> tensors, Precision precision) {
        Map<String, Tensor> parameters = new LinkedHashMap<>(tensors);
        LinearHead head = head(document, parameters);
        Optional<InputCheck> inputCheck = inputCheck(parameters);
        Map<String, Tensor> backbone = new LinkedHashMap<>();
        parameters.forEach((name, array) -> backbone.put(withoutPrefix(name), array));
        BackboneProvider provider = provider(document.backbone().architecture());
        Map<String, float[]> values = new LinkedHashMap<>();
        backbone.forEach((name, tensor) -> values.put(name, tensor.values()));
        Optional<InferenceEngine> engine =
                document.plan()
                        .flatMap(
                                plan ->
                                        InferenceEngine.withoutBackend(
                                                plan, NetworkParameters.of(values), precision));
        return CovidClassifier.owning(
                ClassifierNetwork.lazy(
                        document.backbone(), () -> restore(provider, document, backbone), engine),
                head,
                document.labelSet(),
                document.provenance(),
                document.decisions(),
                inputCheck);
    }

    /** Takes the description of the training images out; empty in files of earlier releases. */
    private static Optional<InputCheck> inputCheck(Map<String, Tensor> parameters) {
        Map<String, float[]> description = new LinkedHashMap<>();
        parameters.forEach(
                (name, tensor) -> {
                    if (name.startsWith(INPUT)) {
                        description.put(name.substring(INPUT.length()), tensor.values());
                    }
                });
        parameters.keySet().removeIf(name -> name.startsWith(INPUT));
        return description.isEmpty() ? Optional.empty() : Optional.of(InputCheck.of(description));
    }

    private static LinearHead head(ClassifierDocument document, Map<String, Tensor> parameters) {
        LinearHead head =
                new LinearHead(
                        floats(parameters.remove(HEAD_WEIGHTS), HEAD_WEIGHTS),
                        floats(parameters.remove(HEAD_BIAS), HEAD_BIAS));
        int classes = document.labels().size();
        int features = document.backbone().featureChannels();
        if (head.classes() != classes || head.features() != features) {
            throw new IllegalArgumentException(
                    "its head maps %d features to %d classes; expected %d to %d"
                            .formatted(head.features(), head.classes(), features, classes));
        }
        return head;
    }

    private static String withoutPrefix(String name) {
        if (!name.startsWith(BACKBONE)) {
            throw new IllegalArgumentException(
                    "its weights hold a tensor '%s'; expected names that begin with %s"
                            .formatted(name, BACKBONE));
        }
        return name.substring(BACKBONE.length());
    }

    private static float[] floats(Tensor tensor, String name) {
        if (tensor == null) {
            throw new IllegalArgumentException("its weights lack the tensor '%s'".formatted(name));
        }
        return tensor.values();
    }

    private static Backbone restore(
            BackboneProvider provider, ClassifierDocument document, Map<String, Tensor> tensors) {
        DeepCovidRuntime.initialise();
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) ->
                        parameters.put(
                                name,
                                Nd4j.create(
                                        tensor.values(),
                                        tensor.shape().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray(),
                                        'c')));
        return ClassifierGraph.restore(
                provider, document.backbone(), parameters, document.provenance().weights());
    }

    private static BackboneProvider provider(String architecture) {
        List<BackboneProvider> providers =
                ServiceLoader.load(BackboneProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return providers.stream()
                .filter(p -> p.architecture().equals(architecture))
                .findFirst()
                .orElseThrow(() -> unknownNetwork(architecture, providers));
    }

    private static IllegalArgumentException unknownNetwork(
            String architecture, List<BackboneProvider> providers) {
        return new IllegalArgumentException(
                ("its network is %s, and the class path offers %s; add the module that defines it"
                                + " (deepcovid-models)")
                        .formatted(
                                architecture,
                                providers.stream().map(BackboneProvider::architecture).toList()));
    }
}
