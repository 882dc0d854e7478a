package org.deepcovid.core.datavec;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.ImageRows;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labelled radiographs as DataVec records: an {@link NDArrayWritable} of float32 [1, 3, S, S],
 * normalised, and an {@link IntWritable}, the position of the label in the label set. Images come
 * in the order of the list, decoded ahead in parallel.
 *
 * <p>Not thread-safe; close it after use. Not serialisable, because it refers to files of this
 * machine.
 */
public final class XrayRecordReader extends BaseRecordReader {

    @Serial private static final long serialVersionUID = 1L;

    private final transient LabelSet labels;
    private final transient List<LabelledImage> images;
    private final transient Map<URI, LabelledImage> byUri = new HashMap<>();
    private final transient Preprocessing preprocessing;
    private final transient int threads;
    private transient Configuration configuration = new Configuration();
    private transient ImageRows<LabelledImage> pixels;
    private transient int position;

    /**
     * Starts decoding.
     *
     * @param labels of the images
     * @param images images, in order
     * @param preprocessing input size and normalisation
     * @param threads decoder threads, positive
     * @throws IllegalArgumentException if threads is not positive
     */
    public XrayRecordReader(
            LabelSet labels, List<LabelledImage> images, Preprocessing preprocessing, int threads) {
        this.labels = labels;
        this.images = List.copyOf(images);
        this.preprocessing = preprocessing;
        this.threads = threads;
        this.images.forEach(image -> byUri.put(image.file().toUri(), image));
        this.pixels = load(this.images);
    }

    private ImageRows<LabelledImage> load(List<LabelledImage> some) {
        return Batches.pixels(some, preprocessing, threads);
    }

    /**
     * Restarts with the images given to the constructor.
     *
     * @param split not used, may be null
     */
    @Override
    public void initialize(InputSplit split) {
        reset();
    }

    /**
     * Restarts with the images given to the constructor.
     *
     * @param conf kept for {@link #getConf()}
     * @param split not used, may be null
     */
    @Override
    public void initialize(Configuration conf, InputSplit split) {
        setConf(conf);
        reset();
    }

    @Override
    public boolean hasNext() {
        return pixels.hasNext();
    }

    /**
     * The next image and its label.
     *
     * @return two values
     * @throws NoSuchElementException if there are no more images
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public List<Writable> next() {
        return nextRecord().getRecord();
    }

    /**
     * The next image and its label, with its file as metadata.
     *
     * @return a record whose metadata is a {@link RecordMetaDataURI}
     * @throws NoSuchElementException if there are no more images
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public Record nextRecord() {
        Record record = record(images.get(position), array(pixels.next()));
        position++;
        invokeListeners(record);
        return record;
    }

    private Record record(LabelledImage image, INDArray array) {
        RecordMetaData metaData =
                new RecordMetaDataURI(image.file().toUri(), XrayRecordReader.class);
        return new org.datavec.api.records.impl.Record(writables(image, array), metaData);
    }

    private List<Writable> writables(LabelledImage image, INDArray array) {
        return List.of(new NDArrayWritable(array), new IntWritable(labels.indexOf(image.label())));
    }

    /** Names of the labels, by number. */
    @Override
    public List<String> getLabels() {
        return labels.names();
    }

    @Override
    public void reset() {
        boolean untouched = position == 0 && hasNext();
        if (!untouched) {
            close();
            position = 0;
            pixels = load(images);
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /**
     * Decodes one of the images from a stream.
     *
     * @param uri URI of one of the images, which determines the label
     * @param stream the file's bytes, read to the end and left open
     * @return image and label
     * @throws java.io.UncheckedIOException if the stream cannot be read
     * @throws IllegalArgumentException if no image has this URI
     * @throws org.deepcovid.core.image.UnreadableImageException if the bytes cannot be decoded
     */
    @Override
    public List<Writable> record(URI uri, DataInputStream stream) {
        LabelledImage image = find(uri);
        Radiograph content = Radiograph.of(stream).withId(image.radiograph().id());
        return writables(image, array(preprocessing.apply(content)));
    }

    private INDArray array(float[] values) {
        return Batches.toNd4j(values, 1, preprocessing.inputSize());
    }

    private LabelledImage find(URI uri) {
        LabelledImage image = byUri.get(uri);
        if (image == null) {
            throw new IllegalArgumentException(
                    "%s is not one of the %d images of this reader".formatted(uri, images.size()));
        }
        return image;
    }

    /**
     * Decodes the image of a record again.
     *
     * @param metaData of a record of this reader
     * @return the record
     * @throws IllegalArgumentException if no image has its URI
     * @throws org.deepcovid.core.DatasetException if the file cannot be decoded
     */
    @Override
    public Record loadFromMetaData(RecordMetaData metaData) {
        return loadFromMetaData(List.of(metaData)).get(0);
    }

    /**
     * Decodes the images of records again.
     *
     * @param metaData of records of this reader
     * @return the records, in the same order
     * @throws IllegalArgumentException if no image has one of the URIs
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
        List<LabelledImage> found = metaData.stream().map(data -> find(data.getURI())).toList();
        List<Record> records = new ArrayList<>();
        try (ImageRows<LabelledImage> loading = load(found)) {
            for (LabelledImage image : found) {
                records.add(record(image, array(loading.next())));
            }
        }
        return records;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }

    @Override
    public void setConf(Configuration conf) {
        this.configuration = conf;
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
                "XrayRecordReader refers to files of this machine; read the dataset again instead");
    }
}
