package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
            SyntheticRadiographs.write(file, SyntheticRadiographs.draw(CovidLabel.NON_COVID, i));
            requests.add(ImageRequest.plain("image " + i, file));
        }
        return requests;
    }

    private static float[] row(ImageBatch batch, int row) {
        int length = 3 * batch.inputSize() * batch.inputSize();
        return Arrays.copyOfRange(batch.toArray(), row * length, (row + 1) * length);
    }

    @Test
    void keepsOrderWhateverTheThreads() {
        List<ImageRequest> requests = requests(23);
        for (int threads : List.of(1, 4)) {
            List<String> ids = new ArrayList<>();
            try (ImageBatches batches = ImageBatches.load(requests, SMALL, 5, threads)) {
                while (batches.hasNext()) {
                    ImageBatch batch = batches.next();
                    assertThat(batch.inputSize()).isEqualTo(24);
                    assertThat(batch.images().isDirect()).isTrue();
                    assertThat(batch.images().remaining()).isEqualTo(batch.size() * 3 * 24 * 24);
                    for (int i = 0; i < batch.size(); i++) {
                        Path file = requests.get(ids.size()).file();
                        assertThat(row(batch, i)).containsExactly(SMALL.apply(file));
                        ids.add(batch.ids().get(i));
                    }
                }
                assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
            }
            assertThat(ids).isEqualTo(requests.stream().map(ImageRequest::id).toList());
        }
    }

    @Test
    void lastBatchIsSmaller() {
        try (ImageBatches batches = ImageBatches.load(requests(5), SMALL, 4, 2)) {
            assertThat(batches.next().size()).isEqualTo(4);
            assertThat(batches.next().size()).isEqualTo(1);
            assertThat(batches.hasNext()).isFalse();
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
        Files.writeString(requests.get(6).file(), "no image");
        Files.delete(requests.get(19).file());
        try (ImageBatches batches = ImageBatches.load(requests, SMALL, 4, 2)) {
            assertThat(batches.next().ids()).hasSize(4);

            assertThatThrownBy(batches::next)
                    .isInstanceOfSatisfying(
                            DatasetException.class,
                            e ->
                                    assertThat(e.problems())
                                            .satisfiesExactly(
                                                    p ->
                                                            assertThat(p)
                                                                    .contains("6.png: it is text"),
                                                    p ->
                                                            assertThat(p)
                                                                    .contains(
                                                                            "19.png: there is no"
                                                                                + " such file")));
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void decodesNoFurtherAheadThanTwoBatches() throws Exception {
        List<ImageRequest> requests = requests(40);
        try (ImageBatches batches = ImageBatches.load(requests, SMALL, 3, 2)) {
            Thread.sleep(400); // time to run too far ahead
            for (ImageRequest request : requests.subList(6, 40)) {
                Files.delete(request.file());
            }

            assertThat(batches.next().size() + batches.next().size()).isEqualTo(6);
            assertThatThrownBy(batches::next)
                    .isInstanceOfSatisfying(
                            DatasetException.class, e -> assertThat(e.problems()).hasSize(34));
        }
    }

    @Test
    void appliesAugmentationBySeed() {
        Augmentation change = Augmentation.defaults();
        Path file = requests(1).get(0).file();
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
        assertThatThrownBy(batches::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("closed");
        assertNoDecoderThreads();
    }

    @Test
    void readingToTheEndEndsTheThreadsToo() throws InterruptedException {
        @SuppressWarnings("resource") // that it need not be closed is the point
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

            assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue(); // and clears it for the next test
            assertThat(batches.hasNext()).isFalse();
        }
    }

    @Test
    void refusesNumbersThatAreNotPositive() {
        assertThatThrownBy(() -> ImageBatches.load(List.of(), SMALL, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batchSize is 0");
        assertThatThrownBy(() -> ImageBatches.load(List.of(), SMALL, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads is 0");
    }

    @Test
    void batchRefusesArrayThatDoesNotFitItsNames() {
        assertThatThrownBy(() -> new ImageBatch(List.of("a", "b"), 4, FloatBuffer.allocate(48)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("48 values for 2 images of side 4; expected 96");
    }
}
