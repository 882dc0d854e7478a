package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ImageBatchesTest {

    private static final Preprocessing SMALL = new Preprocessing(24, Normalization.TORCH);

    @TempDir Path folder;

    @BeforeEach
    void startRuntime() {
        DeepCovidRuntime.initialise();
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

    private static float[] row(ImageBatch batch, int row) {
        int length = 3 * batch.inputSize() * batch.inputSize();
        return Arrays.copyOfRange(batch.toArray(), row * length, (row + 1) * length);
    }

    @Test
    void keepsOrderForAnyNumberOfThreads() {
        List<ImageRequest> requests = requests(23);
        for (int threads : List.of(1, 4)) {
            List<String> ids = new ArrayList<>();
            try (ImageBatches batches = ImageBatches.load(requests, SMALL, 5, threads)) {
                while (batches.hasNext()) {
                    ImageBatch batch = batches.next();
                    assertThat(batch.inputSize()).isEqualTo(24);
                    assertThat(batch.size()).isEqualTo(Math.min(5, 23 - ids.size()));
                    assertThat(batch.images().isDirect()).isTrue();
                    assertThat(batch.images().remaining()).isEqualTo(batch.size() * 3 * 24 * 24);
                    for (int i = 0; i < batch.size(); i++) {
                        Path file = file(requests.get(ids.size()));
                        assertThat(row(batch, i)).containsExactly(SMALL.apply(Radiograph.of(file)));
                        ids.add(batch.ids().get(i));
                    }
                }
                assertFails(NoSuchElementException.class, batches::next);
            }
            assertThat(ids).isEqualTo(requests.stream().map(ImageRequest::id).toList());
        }
    }

    @Test
    void noRequestsGiveNoBatch() {
        try (ImageBatches batches = ImageBatches.load(List.of(), SMALL, 4, 2)) {
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void namesEveryUnreadableFileOfAllBatches() throws IOException {
        List<ImageRequest> requests = requests(20);
        Files.writeString(file(requests.get(6)), "no image");
        Files.delete(file(requests.get(19)));
        try (ImageBatches batches = ImageBatches.load(requests, SMALL, 4, 2)) {
            assertThat(batches.next().ids()).hasSize(4);

            assertThat(catchThrowableOfType(DatasetException.class, batches::next).problems())
                    .satisfiesExactly(
                            p -> assertThat(p).contains("6.png: it is text"),
                            p -> assertThat(p).contains("19.png: there is no such file"));
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void pullsNoMoreRequestsThanItDecodesAhead() {
        List<ImageRequest> requests = requests(30);
        AtomicInteger pulled = new AtomicInteger();
        Iterator<ImageRequest> counting =
                requests.stream().peek(request -> pulled.incrementAndGet()).iterator();
        try (ImageBatches batches = ImageBatches.stream(counting, SMALL, BatchPlan.full(3, 1))) {
            batches.next();
            batches.next();

            assertThat(pulled.get()).isLessThanOrEqualTo(6 + 6 + 1); // one more to know the end
        }
    }

    @Test
    void manyBatchesShareTheSameFewBuffers() {
        List<ImageRequest> requests = requests(30);
        Set<Long> addresses = new HashSet<>();
        try (ImageBatches batches = ImageBatches.load(requests, SMALL, 3, 2)) {
            while (batches.hasNext()) {
                addresses.add(new FloatPointer(batches.next().images()).address());
            }
        }
        assertThat(addresses).hasSize(3);
    }

    @Test
    void liveBatchesAreNotOverwritten() {
        List<ImageRequest> requests = requests(40);
        List<FloatBuffer> latest = new ArrayList<>();
        int number = 0;
        try (ImageBatches batches =
                ImageBatches.stream(requests.iterator(), SMALL, new BatchPlan(1, 4, 3, 3))) {
            while (batches.hasNext()) {
                ImageBatch batch = batches.next();
                latest.add(batch.images());
                number += batch.size();
                int at = number;
                for (int live = latest.size() - 1; live >= Math.max(0, latest.size() - 3); live--) {
                    FloatBuffer images = latest.get(live);
                    int length = 3 * 24 * 24;
                    at -= images.remaining() / length;
                    float[] first = new float[length];
                    images.duplicate().get(first);
                    assertThat(first).containsExactly(SMALL.apply(requests.get(at).radiograph()));
                }
            }
        }
        assertThat(number).isEqualTo(40);
    }

    /** The sixth file is a pipe without data at first. */
    @Test
    @Timeout(60)
    @DisabledOnOs(
            value = OS.WINDOWS,
            disabledReason = "Windows has no named pipes in the file system")
    void batchesAreFormedFromImagesThatAreReady() throws Exception {
        List<ImageRequest> requests = new ArrayList<>(requests(5));
        Path pipe = folder.resolve("pipe.png");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        requests.add(ImageRequest.plain("late", Radiograph.of(pipe)));
        List<String> ids = new ArrayList<>();
        try (ImageBatches batches =
                ImageBatches.stream(requests.iterator(), SMALL, new BatchPlan(2, 8, 1, 1))) {
            while (ids.size() < 4) {
                ImageBatch batch = batches.next();
                assertThat(batch.size()).isBetween(2, 5);
                ids.addAll(batch.ids());
            }
            Files.write(pipe, Files.readAllBytes(file(requests.get(0))));
            batches.forEachRemaining(batch -> ids.addAll(batch.ids()));
        }
        assertThat(ids).isEqualTo(requests.stream().map(ImageRequest::id).toList());
    }

    @Test
    void unreadableFilesAreReportedInOrderAndLeftOut() throws IOException {
        List<ImageRequest> requests = requests(9);
        for (int bad : List.of(0, 4, 8)) {
            Files.writeString(file(requests.get(bad)), "no image");
        }
        List<String> events = new ArrayList<>();
        try (ImageBatches batches =
                ImageBatches.stream(
                        requests.iterator(),
                        SMALL,
                        BatchPlan.full(6, 2),
                        (request, problem) -> events.add("no " + request.id()))) {
            while (batches.hasNext()) {
                ImageBatch batch = batches.next();
                for (int i = 0; i < batch.size(); i++) {
                    int number = Integer.parseInt(batch.ids().get(i).substring(6));
                    assertThat(row(batch, i))
                            .containsExactly(SMALL.apply(requests.get(number).radiograph()));
                }
                events.addAll(batch.ids());
            }
        }
        assertThat(events)
                .hasToString(
                        "[no image 0, image 1, image 2, image 3, no image 4, image 5, image 6,"
                                + " image 7, no image 8]");
    }

    @Test
    void planRejectsMinimumAboveMaximum() {
        assertRejects(() -> new BatchPlan(3, 2, 1, 1))
                .hasMessage(
                        "minBatch is 3, maxBatch 2, decodeThreads 1, liveBatches 1; expected"
                                + " positive numbers, minBatch at most maxBatch");
    }

    @Test
    void appliesAugmentationBySeed() {
        Augmentation change = Augmentation.defaults();
        Radiograph file = requests(1).get(0).radiograph();
        List<ImageRequest> requests =
                List.of(
                        ImageRequest.augmented("a", file, change, 1),
                        ImageRequest.augmented("b", file, change, 1),
                        ImageRequest.augmented("c", file, change, 2),
                        ImageRequest.plain("d", file));
        try (ImageBatches batches = ImageBatches.load(requests, SMALL, 4, 2)) {
            ImageBatch batch = batches.next();

            assertThat(row(batch, 0)).isEqualTo(row(batch, 1));
            assertThat(row(batch, 0)).isNotEqualTo(row(batch, 2));
            assertThat(row(batch, 0)).isNotEqualTo(row(batch, 3));
        }
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        ImageBatches batches = ImageBatches.load(requests(30), SMALL, 2, 3);
        batches.next();
        batches.close();

        assertThat(batches.hasNext()).isFalse();
        assertFails(NoSuchElementException.class, batches::next).hasMessage("closed");
        assertNoDecoderThreads();
    }

    @Test
    void readingToTheEndEndsTheThreadsToo() throws InterruptedException {
        @SuppressWarnings("resource") // not closed on purpose
        ImageBatches batches = ImageBatches.load(requests(5), SMALL, 5, 2);
        batches.next();

        assertNoDecoderThreads();
    }

    private static void assertNoDecoderThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("deepcovid-decoder")) {
                assertThat(thread.isDaemon()).isTrue();
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void interruptedConsumerStops() {
        try (ImageBatches batches = ImageBatches.load(requests(4), SMALL, 2, 1)) {
            Thread.currentThread().interrupt();

            assertFails(CancellationException.class, batches::next);
            assertThat(Thread.interrupted()).isTrue(); // and clears it for the next test
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void rejectsNumbersThatAreNotPositive() {
        assertRejects(() -> ImageBatches.load(List.of(), SMALL, 0, 1), "batchSize is 0");
        assertRejects(() -> ImageBatches.load(List.of(), SMALL, 1, 0), "decodeThreads is 0");
    }

    @Test
    void batchRejectsBufferThatDoesNotFitItsIds() {
        assertRejects(
                () -> new ImageBatch(List.of("a", "b"), 4, FloatBuffer.allocate(48)),
                "48 values for 2 images of side 4; expected 96");
    }
}
