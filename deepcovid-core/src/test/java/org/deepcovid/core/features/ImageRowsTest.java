package org.deepcovid.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.FloatPointer;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.features.FeatureExtractor.Network;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageNotes;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRowsTest {

    private static final Preprocessing SMALL = new Preprocessing(24, Normalization.TORCH);
    @TempDir Path folder;

    @BeforeEach
    void startRuntime() {
        DeepCovidRuntime.initialise();
    }

    /** Rows are the pixels; counts batches. A network of one stream depends on the batch. */
    private static final class Recorder implements Network {

        private final int streams;
        private final List<Integer> batches = new ArrayList<>();
        private final Set<Long> addresses = new HashSet<>();

        Recorder(int streams) {
            this.streams = streams;
        }

        @Override
        public List<float[]> rows(FloatBuffer images, int count) {
            assertThat(images.isDirect()).isTrue();
            synchronized (this) {
                batches.add(count);
                addresses.add(new FloatPointer(images).address());
            }
            if (streams > 1) {
                sleep(5L * count); // decoding goes on
            }
            return FeatureExtractor.PIXELS.rows(images, count);
        }

        private static void sleep(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int streams() {
            return streams;
        }

        @Override
        public boolean dependsOnBatch() {
            return streams == 1;
        }
    }

    private List<ImageRequest> requests(int count) {
        List<ImageRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve(i + ".png");
            SyntheticRadiographs.write(file, SyntheticRadiographs.draw(Label.NON_COVID, i));
            requests.add(ImageRequest.plain("image " + i, Radiograph.of(file)));
        }
        return requests;
    }

    private static Path file(ImageRequest request) {
        return request.radiograph().file().orElseThrow();
    }

    private static FeatureExtractor extractor(Network network, int batch, int threads) {
        return FeatureExtractor.of(SMALL, network).with(threads, batch);
    }

    private static ImageRows<ImageRequest> rows(
            Network network, int batch, int threads, List<ImageRequest> requests) {
        return extractor(network, batch, threads).rows(requests.iterator(), request -> request);
    }

    private static void assertRow(float[] row, ImageRequest request) {
        assertThat(row).containsExactly(SMALL.apply(request.radiograph()));
    }

    private static void assertRows(ImageRows<ImageRequest> rows, List<ImageRequest> requests) {
        for (ImageRequest request : requests) {
            assertThat(rows.hasNext()).isTrue();
            assertRow(rows.next(), request);
            assertThat(rows.item()).isSameAs(request);
        }
        assertThat(rows.hasNext()).isFalse();
        assertFails(NoSuchElementException.class, rows::next);
    }

    @Test
    void keepsOrderForAnyNumberOfThreads() {
        List<ImageRequest> requests = requests(23);
        for (int threads : List.of(1, 4)) {
            Recorder network = new Recorder(1);
            try (ImageRows<ImageRequest> rows = rows(network, 5, threads, requests)) {
                assertRows(rows, requests);
            }
            assertThat(network.batches).containsExactly(5, 5, 5, 5, 3);
        }
        try (ImageRows<ImageRequest> rows = rows(new Recorder(1), 4, 2, List.of())) {
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void batchesSideBySideKeepTheirPixels() {
        List<ImageRequest> requests = requests(60);
        Recorder network = new Recorder(3);
        try (ImageRows<ImageRequest> rows = rows(network, 1, 3, requests)) {
            assertRows(rows, requests);
        }
        assertThat(network.batches).allMatch(size -> size <= 10);
    }

    @Test
    void manyBatchesShareTheSameFewBuffers() {
        List<ImageRequest> requests = requests(30);
        Recorder network = new Recorder(1);
        try (ImageRows<ImageRequest> rows = rows(network, 3, 2, requests)) {
            assertRows(rows, requests);
        }
        assertThat(network.addresses).hasSize(3);
    }

    @Test
    void pullsNoMoreRequestsThanItDecodesAhead() {
        AtomicInteger pulled = new AtomicInteger();
        Iterator<ImageRequest> counting =
                requests(30).stream().peek(request -> pulled.incrementAndGet()).iterator();
        try (ImageRows<ImageRequest> rows =
                extractor(new Recorder(1), 3, 1).rows(counting, request -> request)) {
            for (int i = 0; i < 6; i++) {
                rows.next();
            }
            assertThat(pulled.get()).isLessThanOrEqualTo(6 + 6 + 1); // one more to know the end
        }
    }

    @Test
    void namesEveryUnreadableFileOfAllBatches() throws IOException {
        List<ImageRequest> requests = requests(20);
        Files.writeString(file(requests.get(6)), "no image");
        Files.delete(file(requests.get(19)));
        try (ImageRows<ImageRequest> rows = rows(new Recorder(1), 4, 2, requests)) {
            for (int i = 0; i < 6; i++) {
                assertRow(rows.next(), requests.get(i));
            }
            assertThat(catchThrowableOfType(DatasetException.class, rows::next).problems())
                    .satisfiesExactly(
                            p -> assertThat(p).contains("6.png: it is text"),
                            p -> assertThat(p).contains("19.png: there is no such file"));
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void unreadableFilesAreReportedInOrderAndLeftOut() throws IOException {
        List<ImageRequest> requests = requests(9);
        for (int bad : List.of(0, 4, 8)) {
            Files.writeString(file(requests.get(bad)), "no image");
        }
        Recorder network = new Recorder(1);
        List<String> events = new ArrayList<>();
        extractor(network, 6, 2)
                .forEach(
                        requests.stream(),
                        request -> request,
                        (request, row, remarks) -> {
                            assertRow(row, request);
                            events.add(request.id());
                        },
                        (request, problem) -> events.add("no " + request.id()));
        assertThat(events)
                .hasToString(
                        "[no image 0, image 1, image 2, image 3, no image 4, image 5, image 6,"
                                + " image 7, no image 8]");
        assertThat(network.batches).containsExactly(3, 1, 2);
    }

    /** The sixth file cannot be opened at first. */
    @Test
    @Timeout(60)
    void batchesAreFormedFromImagesThatAreReady() throws Exception {
        List<ImageRequest> requests = requests(5);
        CountDownLatch ready = new CountDownLatch(1);
        Path late = WatchedFile.of(file(requests.get(0)), () -> await(ready));
        List<ImageRequest> all = new ArrayList<>(requests);
        all.add(ImageRequest.plain("late", Radiograph.of(late)));
        try (ImageRows<ImageRequest> rows = rows(FeatureExtractor.PIXELS, 1, 1, all)) {
            for (int i = 0; i < 4; i++) {
                assertRow(rows.next(), requests.get(i));
            }
            ready.countDown();
            assertRow(rows.next(), requests.get(4));
            assertRow(rows.next(), requests.get(0));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFileIsReadOnceForItsChecksumAndItsPixels(int streams) throws Exception {
        List<ImageRequest> files = requests(2);
        AtomicInteger readings = new AtomicInteger();
        Path file = WatchedFile.of(file(files.get(0)), readings::incrementAndGet);
        Recorder network = new Recorder(streams);
        for (int stored : List.of(0, 2)) {
            try (WorkStore store = WorkStore.in(folder.resolve("kept"))) {
                readings.set(0);
                List<ImageRequest> requests =
                        List.of(ImageRequest.plain("watched", Radiograph.of(file)), files.get(1));
                List<float[]> rows = new ArrayList<>();
                long found =
                        extractor(network, 2, 2)
                                .with(store, "network")
                                .forEach(
                                        requests.stream(),
                                        request -> request,
                                        (request, row, remarks) -> rows.add(row));
                assertThat(found).isEqualTo(stored);
                assertThat(readings).hasValue(1);
                assertRow(rows.get(0), files.get(0));
                assertRow(rows.get(1), files.get(1));
            }
        }
        assertThat(network.batches.stream().mapToInt(size -> size).sum()).isEqualTo(2);
    }

    @Test
    void remarksAndStatisticsAreStoredWithTheRows() throws IOException {
        Path odd = folder.resolve("odd.png");
        BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 64 * 64; i++) {
            picture.getRaster().setSample(i % 64, i / 64, 0, i);
        }
        ImageIO.write(picture, "png", odd.toFile());
        List<ImageRequest> requests = new ArrayList<>(requests(3));
        requests.add(1, ImageRequest.plain("odd", Radiograph.of(odd)));
        Recorder network = new Recorder(1);
        List<List<float[]>> statistics = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            List<ImageNotes> found = new ArrayList<>();
            try (WorkStore store = WorkStore.in(folder.resolve("remarks"))) {
                extractor(network, 2, 2)
                        .with(store, "network")
                        .forEach(
                                requests.stream(),
                                request -> request,
                                (request, row, notes) -> found.add(notes));
            }
            List<String> remark =
                    List.of("its 16-bit samples fit into 12 bits and are read as such");
            assertThat(found)
                    .extracting(ImageNotes::remarks)
                    .containsExactly(List.of(), remark, List.of(), List.of());
            statistics.add(found.stream().map(notes -> notes.statistics().numbers()).toList());
        }
        assertThat(network.batches).hasSize(2);
        assertThat(statistics.get(1)).usingRecursiveComparison().isEqualTo(statistics.get(0));
    }

    @Test
    void appliesAugmentationBySeed() {
        Augmentation change = Augmentation.defaults();
        Radiograph file = requests(1).get(0).radiograph();
        List<ImageRequest> requests =
                List.of(
                        ImageRequest.changed("a", file, change, 1),
                        ImageRequest.changed("b", file, change, 1),
                        ImageRequest.changed("c", file, change, 2),
                        ImageRequest.plain("d", file));
        try (ImageRows<ImageRequest> rows = rows(FeatureExtractor.PIXELS, 1, 2, requests)) {
            float[] first = rows.next();

            assertThat(first).isEqualTo(rows.next()).isNotEqualTo(rows.next());
            assertThat(first).isNotEqualTo(rows.next());
        }
    }

    @Test
    void closingOrReadingToTheEndEndsTheThreads() throws InterruptedException {
        ImageRows<ImageRequest> closed = rows(new Recorder(2), 2, 3, requests(30));
        closed.next();
        closed.close();
        assertThat(closed.hasNext()).isFalse();
        assertFails(NoSuchElementException.class, closed::next);
        assertNoThreads();

        @SuppressWarnings("resource") // not closed on purpose
        ImageRows<ImageRequest> read = rows(new Recorder(2), 2, 3, requests(1));
        read.next();
        assertNoThreads();
    }

    private static void assertNoThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("deepcovid-(decoder|stream)")) {
                assertThat(thread.isDaemon()).isTrue();
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void interruptedConsumerStops() {
        try (ImageRows<ImageRequest> rows = rows(new Recorder(1), 2, 1, requests(4))) {
            Thread.currentThread().interrupt();

            assertFails(CancellationException.class, rows::next);
            assertThat(Thread.interrupted()).isTrue(); // and clears it for the next test
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void rejectsNumbersThatAreNotPositive() {
        assertRejects(() -> extractor(FeatureExtractor.PIXELS, 0, 1), "graphBatch is 0");
        assertRejects(() -> extractor(FeatureExtractor.PIXELS, 1, 0), "decodeThreads is 0");
    }
}
