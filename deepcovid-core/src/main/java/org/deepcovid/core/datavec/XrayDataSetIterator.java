package org.deepcovid.core.datavec;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.List;
import java.util.NoSuchElementException;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.ImageRows;
import org.deepcovid.core.image.Preprocessing;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled radiographs as ND4J data sets: features float32 [N, 3, S, S], normalised, and labels
 * float32 [N, K], one-hot, in the order of the label set. Images come in the order of the list,
 * decoded ahead in parallel; the example metadata is their ids.
 *
 * <p>Not thread-safe; close it unless it is read to the end. Not serialisable, because it refers to
 * files of this machine.
 */
public final class XrayDataSetIterator implements DataSetIterator, AutoCloseable {

    @Serial private static final long serialVersionUID = 1L;

    private final transient LabelSet labels;
    private final transient List<LabelledImage> images;
    private final transient Preprocessing preprocessing;
    private final transient int batchSize;
    private final transient int threads;
    private transient ImageRows<LabelledImage> pixels;
    private transient int position;
    private transient DataSetPreProcessor preProcessor;

    /**
     * Starts decoding.
     *
     * @param labels of the images
     * @param images images, in order
     * @param preprocessing input size and normalisation
     * @param batchSize images per data set, positive; the last may be smaller
     * @param threads decoder threads, positive
     * @throws IllegalArgumentException if a number is not positive
     */
    public XrayDataSetIterator(
            LabelSet labels,
            List<LabelledImage> images,
            Preprocessing preprocessing,
            int batchSize,
            int threads) {
        this.labels = requireNonNull(labels, "labels is null");
        this.images = List.copyOf(images);
        this.preprocessing = requireNonNull(preprocessing, "preprocessing is null");
        this.batchSize = positive(batchSize);
        this.threads = threads;
        this.pixels = Batches.pixels(this.images, preprocessing, threads);
    }

    private static int positive(int number) {
        if (number <= 0) {
            throw new IllegalArgumentException(
                    "%d images per data set; expected a positive number".formatted(number));
        }
        return number;
    }

    @Override
    public boolean hasNext() {
        return pixels.hasNext();
    }

    /**
     * The next {@link #batch()} images, or the remaining ones.
     *
     * @return features and labels, after the preprocessor if one is set
     * @throws NoSuchElementException if there are no more images
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public DataSet next() {
        return next(batchSize);
    }

    /**
     * The next images.
     *
     * @param number of images, positive
     * @return features and labels, after the preprocessor if one is set
     * @throws NoSuchElementException if there are no more images
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public DataSet next(int number) {
        int size = Math.min(positive(number), images.size() - position);
        float[] values = new float[Math.multiplyExact(size, inputColumns())];
        for (int i = 0; i == 0 || i < size; i++) {
            System.arraycopy(pixels.next(), 0, values, i * inputColumns(), inputColumns());
        }
        List<LabelledImage> taken = images.subList(position, position + size);
        position += size;
        DataSet data =
                new DataSet(Batches.toNd4j(values, size, preprocessing.inputSize()), oneHot(taken));
        data.setExampleMetaData(taken.stream().map(LabelledImage::id).toList());
        if (preProcessor != null) {
            preProcessor.preProcess(data);
        }
        return data;
    }

    private INDArray oneHot(List<LabelledImage> taken) {
        int columns = totalOutcomes();
        float[] values = new float[taken.size() * columns];
        for (int i = 0; i < taken.size(); i++) {
            values[columns * i + labels.indexOf(taken.get(i).label())] = 1;
        }
        return Nd4j.create(values, new long[] {taken.size(), columns}, 'c');
    }

    /**
     * Length of one image's features.
     *
     * @return 3 * S * S
     */
    @Override
    public int inputColumns() {
        return 3 * preprocessing.inputSize() * preprocessing.inputSize();
    }

    @Override
    public int totalOutcomes() {
        return labels.labels().size();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /**
     * Whether DL4J should wrap this in a prefetching thread.
     *
     * @return false: images are already decoded ahead
     */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void reset() {
        if (position > 0 || !hasNext()) {
            close();
            position = 0;
            pixels = Batches.pixels(images, preprocessing, threads);
        }
    }

    @Override
    public int batch() {
        return batchSize;
    }

    /**
     * Sets a preprocessor that is applied to every returned data set.
     *
     * @param preProcessor or null for none
     */
    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    /** Names of the label columns, in order. */
    @Override
    public List<String> getLabels() {
        return labels.names();
    }

    /** Stops decoding. */
    @Override
    public void close() {
        pixels.close();
    }

    /**
     * Not supported, because the object refers to files of this machine.
     *
     * @param out not used
     * @throws IOException always
     */
    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        throw new NotSerializableException(
                "XrayDataSetIterator refers to files of this machine; read the dataset again"
                        + " instead");
    }
}
