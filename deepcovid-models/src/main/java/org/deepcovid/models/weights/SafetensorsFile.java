package org.deepcovid.models.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.TensorHeader;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.TensorFile.Declaration;
import org.deepcovid.models.weights.TensorFile.StoredTensor;

/**
 * A safetensors file with PyTorch names. Counters named {@code num_batches_tracked}, which PyTorch
 * keeps beside running statistics and inference never uses, are left out. So is the dot that old
 * DenseNet files have inside a layer's name ({@code norm.1} for {@code norm1}).
 */
final class SafetensorsFile implements TensorFile {

    private static final String COUNTER = ".num_batches_tracked";
    private static final Pattern OLD_DENSENET_NAME =
            Pattern.compile("(\\.denselayer\\d+\\.(?:norm|conv))\\.([12])\\.");

    private final SafetensorsReader reader;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private SafetensorsFile(SafetensorsReader reader, String file) {
        this.reader = reader;
        for (TensorHeader header : reader.tensors()) {
            if (!header.name().endsWith(COUNTER)) {
                add(header, file);
            }
        }
    }

    private void add(TensorHeader header, String file) {
        if (!header.type().readableAsFloat()) {
            throw new WeightsException(
                    "%s: %s is %s; expected F32, F16 or BF16; convert the file"
                            .formatted(file, header.name(), header.type()));
        }
        String key = key(header);
        if (tensors.put(key, new StoredTensor(header.name(), header.shape())) != null) {
            throw new WeightsException(
                    "%s holds %s in both spellings, with and without the dot; expected one"
                            .formatted(file, key));
        }
    }

    private static String key(TensorHeader header) {
        return OLD_DENSENET_NAME.matcher(header.name()).replaceFirst("$1$2.");
    }

    static SafetensorsFile parse(FileBytes bytes) {
        String file = bytes.path().toString();
        try {
            SafetensorsReader reader =
                    SafetensorsReader.of(
                            file,
                            new ByteArrayInputStream(bytes.content()),
                            bytes.content().length);
            return new SafetensorsFile(reader, file);
        } catch (IOException e) {
            throw new WeightsException(e.getMessage(), e);
        }
    }

    @Override
    public String kind() {
        return "safetensors";
    }

    @Override
    public Layout layout() {
        return Layout.TORCH;
    }

    @Override
    public Optional<String> declared(Declaration what) {
        return Optional.ofNullable(reader.metadata().get(what.metadataKey()));
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public void read(Collection<String> keys, BiConsumer<String, float[]> sink) {
        Set<String> wanted = Set.copyOf(keys);
        try {
            reader.forEach(
                    header -> wanted.contains(key(header)),
                    (header, values) -> sink.accept(key(header), values));
        } catch (IOException e) {
            throw new WeightsException(e.getMessage(), e);
        }
    }
}
