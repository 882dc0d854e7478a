package org.deepcovid.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A {@code .keras} file: a zip of {@code config.json} and {@code model.weights.h5}. The
 * configuration gives the layers' names in the order in which Keras numbers them; nothing else of
 * it is used, and code that it may carry is never run.
 */
final class KerasZip {

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.weights.h5";
    private static final String PICKLE = "/data.pkl";

    /** Weights hardly compress; an entry that grows more than this is not weights. */
    private static final long MOST_EXPANSION = 4;

    private static final long ALWAYS_ALLOWED = 1 << 20;

    private KerasZip() {}

    static TensorFile parse(FileBytes bytes) {
        try (ZipFile zip = new ZipFile(bytes.path().toFile())) {
            List<String> names = zip.stream().limit(20).map(ZipEntry::getName).toList();
            if (names.stream().anyMatch(name -> name.endsWith(PICKLE))) {
                throw new WeightsException(
                        bytes.path()
                                + " is a PyTorch file, a pickle that can run code when read, and is"
                                + " not supported; save the weights as safetensors");
            }
            byte[] config = entry(bytes, zip, CONFIG, names);
            byte[] weights = entry(bytes, zip, WEIGHTS, names);
            Hdf5 hdf = new Hdf5(bytes.path() + "!" + WEIGHTS, weights);
            return KerasHdf5.keras3(hdf, groupNames(bytes, config));
        } catch (IOException e) {
            throw new WeightsException(
                    "%s is damaged or no zip file (%s); download it again"
                            .formatted(bytes.path(), e),
                    e);
        }
    }

    private static byte[] entry(FileBytes file, ZipFile zip, String name, List<String> names)
            throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new WeightsException(
                    "%s has no entry %s; it holds %s; expected a file saved by Keras 3 as .keras"
                            .formatted(file.path(), name, names));
        }
        long most =
                Math.min(
                        FileBytes.MAX_SIZE,
                        ALWAYS_ALLOWED + MOST_EXPANSION * file.content().length);
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] content = in.readNBytes((int) most);
            if (in.read() >= 0) {
                throw new WeightsException(
                        "%s: entry %s unpacks to more than %d bytes; expected weights, which hardly compress"
                                .formatted(file.path(), name, most));
            }
            return content;
        }
    }

    /** Names of layers by the names of their groups. */
    private static Map<String, String> groupNames(FileBytes file, byte[] config) {
        JsonNode layers;
        try {
            layers = new ObjectMapper().readTree(config).path("config").path("layers");
        } catch (IOException e) {
            throw new WeightsException(
                    "%s: %s is not JSON: %s".formatted(file.path(), CONFIG, e.getMessage()), e);
        }
        Map<String, Integer> used = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        for (JsonNode layer : layers) {
            String group = snakeCase(layer.path("class_name").asText());
            int number = used.merge(group, 1, Integer::sum) - 1;
            names.put(
                    number == 0 ? group : group + "_" + number,
                    layer.path("config").path("name").asText());
        }
        return names;
    }

    /** As Keras turns {@code Conv2D} into {@code conv2d}. */
    static String snakeCase(String className) {
        return className
                .replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }
}
