package org.deepcovid.models.weights;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An untrusted HDF5 file in memory: links are not followed, nothing larger than the file is
 * allocated, compressed data are refused, and every exception of the parser becomes a {@link
 * WeightsException}.
 */
final class Hdf5 {

    private final String file;
    private final long length;
    private final HdfFile hdf;

    Hdf5(String file, byte[] content) {
        this.file = file;
        this.length = content.length;
        this.hdf = guarded(() -> HdfFile.fromByteBuffer(ByteBuffer.wrap(content)));
    }

    /** Wraps the many kinds of exceptions that damaged files cause. */
    private <T> T guarded(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (WeightsException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new WeightsException(
                    "%s is damaged or no HDF5 file (%s); download it again".formatted(file, e), e);
        }
    }

    String file() {
        return file;
    }

    Group root() {
        return hdf;
    }

    /** Names of a group's members. */
    List<String> children(Group group) {
        return guarded(() -> List.copyOf(group.getChildren().keySet()));
    }

    /** The group at a path of names separated by slashes, if there is one. */
    Optional<Group> group(Group from, String path) {
        return node(from, path).filter(Group.class::isInstance).map(Group.class::cast);
    }

    Optional<Dataset> dataset(Group from, String path) {
        return node(from, path).filter(Dataset.class::isInstance).map(Dataset.class::cast);
    }

    private Optional<Node> node(Group from, String path) {
        return guarded(
                () -> {
                    Node node = from;
                    for (String name : path.split("/")) {
                        node = node instanceof Group group ? group.getChild(name) : null;
                        if (node != null && node.isLink()) {
                            throw new WeightsException(
                                    "%s: %s is a link; expected a group or dataset"
                                            .formatted(file, path));
                        }
                    }
                    return Optional.ofNullable(node);
                });
    }

    /** The strings of an attribute, or empty if there is no such attribute. */
    Optional<List<String>> strings(Node node, String name) {
        return guarded(() -> Optional.ofNullable(node.getAttribute(name)).map(this::strings));
    }

    private List<String> strings(Attribute attribute) {
        if (attribute.isEmpty() || attribute.getSize() == 0) {
            return List.of();
        }
        if (attribute.getSize() < 0
                || attribute.getSize() > length
                || attribute.getSizeInBytes() > length) {
            throw new WeightsException(
                    "%s: attribute %s has %d items, more than the %d bytes of the file"
                            .formatted(file, attribute.getName(), attribute.getSize(), length));
        }
        Object data = attribute.getData();
        if (data instanceof String text) {
            return List.of(text);
        }
        if (data instanceof String[] texts) {
            return List.copyOf(Arrays.asList(texts));
        }
        throw new WeightsException(
                "%s: attribute %s holds %s; expected strings"
                        .formatted(file, attribute.getName(), attribute.getJavaType()));
    }

    /** Extents of a dataset; an error if its values would not fit into this file. */
    List<Long> shape(Dataset dataset) {
        return guarded(
                () -> {
                    List<Long> shape = new ArrayList<>();
                    long bytes = dataset.getDataType().getSize();
                    for (int extent : dataset.getDimensions()) {
                        shape.add((long) extent);
                        bytes = extent < 0 ? -1 : Math.multiplyExact(bytes, extent);
                        requireInside(dataset, bytes);
                    }
                    requirePlain(dataset);
                    return shape;
                });
    }

    private void requireInside(Dataset dataset, long bytes) {
        if (bytes < 0 || bytes > length) {
            throw new WeightsException(
                    "%s: %s has shape %s, more than the %d bytes of the file"
                            .formatted(
                                    file,
                                    dataset.getPath(),
                                    Arrays.toString(dataset.getDimensions()),
                                    length));
        }
    }

    private void requirePlain(Dataset dataset) {
        Class<?> type = dataset.getJavaType();
        if (type != float.class && type != double.class) {
            throw new WeightsException(
                    "%s: %s holds %s; expected floating-point numbers"
                            .formatted(file, dataset.getPath(), type.getSimpleName()));
        }
        if (!dataset.getFilters().isEmpty()) {
            throw new WeightsException(
                    "%s: %s is stored compressed or filtered; expected uncompressed values. Convert the file with: h5repack -f NONE"
                            .formatted(file, dataset.getPath()));
        }
    }

    /** Values in row-major order; {@link #shape} must have accepted the dataset. */
    float[] floats(Dataset dataset) {
        Object data = guarded(dataset::getDataFlat);
        if (data instanceof double[] doubles) {
            float[] floats = new float[doubles.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) doubles[i];
            }
            return floats;
        }
        if (data instanceof float[] floats) {
            return floats;
        }
        throw new WeightsException(
                "%s: %s gives %s; expected an array of numbers"
                        .formatted(
                                file,
                                dataset.getPath(),
                                data == null ? "nothing" : data.getClass()));
    }
}
