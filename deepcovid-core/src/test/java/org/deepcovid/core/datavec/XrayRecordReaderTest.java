package org.deepcovid.core.datavec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.listener.impl.LogRecordListener;
import org.datavec.api.records.metadata.RecordMetaDataURI;
import org.datavec.api.records.reader.RecordReader;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XrayRecordReaderTest {

    private static final Preprocessing SMALL = new Preprocessing(32, Normalization.CAFFE);

    @TempDir Path folder;
    private List<LabelledImage> images;
    private XrayRecordReader reader;

    @BeforeEach
    void openReader() {
        DeepCovidRuntime.initialise();
        images = XrayDataset.read(SyntheticRadiographs.writeClasses(folder, 2, 1)).images();
        reader = new XrayRecordReader(LabelSet.COVID, images, SMALL, 2);
    }

    @AfterEach
    void closeReader() {
        reader.close();
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void returnsImageAndLabel() {
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; reader.hasNext(); i++) {
            List<Writable> record = reader.next();
            labels.add(record.get(1).toInt());
            assertIsImage(record, images.get(i));
        }
        assertThat(labels).containsExactly(1, 1, 0, 0);
        assertThat(reader.getLabels()).containsExactly("non", "covid");
    }

    private static void assertIsImage(List<Writable> record, LabelledImage image) {
        var array = ((NDArrayWritable) record.get(0)).get();
        assertThat(array.shape()).containsExactly(1, 3, 32, 32);
        assertThat(array.data().asFloat()).containsExactly(SMALL.apply(image.file()));
    }

    @Test
    void startsAgain() {
        List<Writable> first = reader.next();
        reader.next();
        assertThat(reader.resetSupported()).isTrue();

        reader.reset();
        assertThat(reader.next()).isEqualTo(first);
        reader.initialize(null);
        assertThat(reader.next()).isEqualTo(first);
        Configuration configuration = new Configuration();
        reader.initialize(configuration, null);
        assertThat(reader.next()).isEqualTo(first);
        assertThat(reader.getConf()).isSameAs(configuration);
    }

    @Test
    void loadsRecordAgainFromMetaData() {
        reader.next();
        Record second = reader.nextRecord();
        Record third = reader.nextRecord();

        assertThat(second.getMetaData().getURI()).isEqualTo(images.get(1).file().toUri());
        assertThat(reader.loadFromMetaData(second.getMetaData()).getRecord())
                .isEqualTo(second.getRecord());
        assertThat(reader.loadFromMetaData(List.of(third.getMetaData(), second.getMetaData())))
                .extracting(Record::getRecord)
                .containsExactly(third.getRecord(), second.getRecord());
    }

    @Test
    void decodesStreamOfKnownFile() throws IOException {
        Path file = images.get(3).file();
        try (DataInputStream stream = new DataInputStream(Files.newInputStream(file))) {
            List<Writable> record = reader.record(file.toUri(), stream);

            assertIsImage(record, images.get(3));
            assertThat(record.get(1).toInt()).isZero();
        }
    }

    @Test
    void rejectsForeignMetaData() {
        URI foreign = folder.resolve("elsewhere.png").toUri();

        assertThatThrownBy(() -> reader.loadFromMetaData(new RecordMetaDataURI(foreign)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere.png is not one of the 4 images");
    }

    @Test
    void notifiesListenersOfEveryRecord() {
        List<Object> heard = new ArrayList<>();
        reader.setListeners(
                new LogRecordListener() {
                    @Override
                    public void recordRead(RecordReader source, Object record) {
                        heard.add(record);
                    }
                });

        Record record = reader.nextRecord();

        assertThat(heard).containsExactly(record);
    }

    @Test
    void rejectsSerialisation() throws IOException {
        ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
        assertThatThrownBy(() -> out.writeObject(reader))
                .isInstanceOf(NotSerializableException.class);
    }
}
