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
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageBatches;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled radiographs as DataVec records: an {@link NDArrayWritable} of float32 [1, 3, S, S],
 * normalised, and an {@link IntWritable}, 0 for non-COVID and 1 for COVID-19. Images come in the
 * order of the list, decoded ahead in parallel.
 *
 * <p>Not thread-safe; to be closed. It cannot be serialised: it refers to files of this machine.
 */
public final class XrayRecordReader extends BaseRecordReader {

    @Serial private static final long serialVersionUID = 1L;

    private final transient List<LabelledImage> images;
    private final transient Map<URI, LabelledImage> byUri = new HashMap<>();
    private final transient Preprocessing preprocessing;
    private final transient int threads;
    private transient Configuration configuration = new Configuration();
    private transient ImageBatches batches;
    private transient int position;

    /**
     * Starts to decode.
     *
     * @param images images in the order in which they are wanted
     * @param preprocessing input size and normalisation
     * @param threads threads that decode, positive
     * @throws IllegalArgumentException if threads is not positive
     */
    public XrayRecordReader(List<LabelledImage> images, Preprocessing preprocessing, int threads) {
        this.images = List.copyOf(images);
        this.preprocessing = preprocessing;
        this.threads = threads;
        this.images.forEach(image -> byUri.put(image.file().toUri(), image));
        this.batches = load();
    }

    private ImageBatches load() {
        return ImageBatches.load(Requests.of(images), preprocessing, 1, threads);
    }

    /**
     * Starts again; the images are those given to the constructor.
     *
     * @param split not used, may be null
     */
    @Override
    public void initialize(InputSplit split) {
        reset();
    }

    /**
     * Starts again; the images are those given to the constructor.
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
        return batches.hasNext();
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
     * The next image and its label, with the file they came from.
     *
     * @return a record whose metadata is a {@link RecordMetaDataURI}
     * @throws NoSuchElementException if there are no more images
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public Record nextRecord() {
        INDArray array = Tensors.of(batches.next());
        Record record = record(images.get(position++), array);
        invokeListeners(record);
        return record;
    }

    private static Record record(LabelledImage image, INDArray array) {
        RecordMetaData metaData =
                new RecordMetaDataURI(image.file().toUri(), XrayRecordReader.class);
        return new org.datavec.api.records.impl.Record(writables(image, array), metaData);
    }

    private static List<Writable> writables(LabelledImage image, INDArray array) {
        int column = image.label().equals(Label.COVID) ? 1 : 0;
        return List.of(new NDArrayWritable(array), new IntWritable(column));
    }

    /**
     * The words for the labels, in the order of their numbers.
     *
     * @return {@code non}, {@code covid}
     */
    @Override
    public List<String> getLabels() {
        return LabelSet.COVID.labels().stream().map(Label::name).toList();
    }

    @Override
    public void reset() {
        boolean untouched = position == 0 && hasNext();
        if (!untouched) {
            batches.close();
            position = 0;
            batches = load();
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /**
     * Decodes one of the images from a stream.
     *
     * @param uri of a file in the list, which gives the label
     * @param stream the file's bytes, read to the end and left open
     * @return image and label
     * @throws java.io.UncheckedIOException if the stream cannot be read
     * @throws IllegalArgumentException if no image of the list has this URI
     * @throws org.deepcovid.core.image.UnreadableImageException if the bytes cannot be decoded
     */
    @Override
    public List<Writable> record(URI uri, DataInputStream stream) {
        LabelledImage image = find(uri);
        Radiograph content = Radiograph.of(stream).withId(image.radiograph().id());
        return writables(image, decode(content));
    }

    private INDArray decode(Radiograph radiograph) {
        DeepCovidRuntime.initialise();
        float[] tensor = preprocessing.apply(radiograph);
        int size = preprocessing.inputSize();
        return Nd4j.create(tensor, new long[] {1, 3, size, size}, 'c');
    }

    private LabelledImage find(URI uri) {
        LabelledImage image = byUri.get(uri);
        if (image == null) {
            throw new IllegalArgumentException(
                    "%s is none of the %d images of this reader".formatted(uri, images.size()));
        }
        return image;
    }

    /**
     * Decodes the image that a record came from once more.
     *
     * @param metaData of a record of this reader
     * @return the record
     * @throws IllegalArgumentException if no image of the list has its URI
     * @throws org.deepcovid.core.DatasetException if the file cannot be decoded
     */
    @Override
    public Record loadFromMetaData(RecordMetaData metaData) {
        return loadFromMetaData(List.of(metaData)).get(0);
    }

    /**
     * Decodes the images that records came from once more.
     *
     * @param metaData of records of this reader
     * @return the records, in the same order
     * @throws IllegalArgumentException if no image of the list has one of the URIs
     * @throws org.deepcovid.core.DatasetException naming every file that cannot be decoded
     */
    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
        List<LabelledImage> wanted = metaData.stream().map(data -> find(data.getURI())).toList();
        List<ImageRequest> requests = Requests.of(wanted);
        List<Record> records = new ArrayList<>();
        try (ImageBatches loading = ImageBatches.load(requests, preprocessing, 1, threads)) {
            for (LabelledImage image : wanted) {
                records.add(record(image, Tensors.of(loading.next())));
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
        batches.close();
    }

    /**
     * Refuses: the files that this object refers to are not written along.
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
