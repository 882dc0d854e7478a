package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state after the latest epoch, in one safetensors file that is replaced as a whole. It holds
 * numbers and text; nothing in it is executed.
 */
final class EpochCheckpoint {

    /**
     * State after an epoch: everything but the images that the next epochs depend on.
     *
     * @param network parameters and optimizer after the latest epoch
     * @param best all parameters after the epoch with the least validation loss so far
     * @param bestEpoch that epoch, from 1
     * @param history one entry per epoch so far, at least one
     * @param random state of ND4J's random numbers of the training thread; the order of the images
     *     follows from the recipe's seed and the number of epochs
     */
    record State(
            TrainableNetwork.State network,
            INDArray best,
            int bestEpoch,
            List<EpochSummary> history,
            RandomState random) {

        /** Both words of an ND4J generator. */
        record RandomState(long root, long node) {}

        State {
            requireNonNull(network, "network is null");
            requireNonNull(best, "best is null");
            history = List.copyOf(history);
            requireNonNull(random, "random is null");
            if (bestEpoch < 1 || bestEpoch > history.size()) {
                throw new IllegalArgumentException(
                        "bestEpoch is %d of %d; expected one of them"
                                .formatted(bestEpoch, history.size()));
            }
        }

        int epoch() {
            return history.size();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EpochCheckpoint.class);

    private static final String BEST = "best";
    private static final String RUN = "run";
    private static final String SUM = "sha256";

    private final Optional<Path> file;
    private final Supplier<String> run;
    private String computedRun = "";

    /**
     * A checkpoint.
     *
     * @param file empty if none is kept
     * @param run identifies network, recipe and images; a checkpoint of another run is ignored.
     *     Computed when the file is first read or written, since it needs the contents of all
     *     images, which are known after their decoding
     */
    EpochCheckpoint(Optional<Path> file, Supplier<String> run) {
        this.file = file;
        this.run = run;
    }

    private String run() {
        if (computedRun.isEmpty()) {
            computedRun = run.get();
        }
        return computedRun;
    }

    boolean keeps() {
        return file.isPresent();
    }

    /** Replaces the state. */
    void write(State state) {
        if (file.isEmpty()) {
            return;
        }
        Map<String, INDArray> arrays = new TreeMap<>(state.network().arrays());
        arrays.put(BEST, state.best());
        Map<String, String> text = text(state);
        text.put(SUM, checksum(arrays, text));
        try {
            AtomicFile.write(
                    file.get(),
                    IfExists.REPLACE,
                    out -> SafetensorsWriter.write(out, arrays, text));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep epoch %d in %s: %s".formatted(state.epoch(), file.get(), e), e);
        }
    }

    private Map<String, String> text(State state) {
        Map<String, String> text = new HashMap<>();
        text.put(RUN, run());
        text.put("steps", Integer.toString(state.network().steps()));
        text.put("best epoch", Integer.toString(state.bestEpoch()));
        text.put("random", state.random().root() + " " + state.random().node());
        text.put(
                "losses",
                state.history().stream()
                        .map(epoch -> epoch.trainingLoss() + " " + epoch.validationLoss())
                        .collect(Collectors.joining("\n")));
        return text;
    }

    private static String checksum(Map<String, INDArray> arrays, Map<String, String> text) {
        MessageDigest digest = FileHashes.newDigest();
        new TreeMap<>(text)
                .forEach(
                        (key, value) ->
                                digest.update(
                                        (key + '\0' + value + '\0')
                                                .getBytes(StandardCharsets.UTF_8)));
        new TreeMap<>(arrays).values().forEach(array -> update(digest, array));
        return FileHashes.hex(digest);
    }

    /** Adds the numbers of an array to a digest, in row-major order. */
    static void update(MessageDigest digest, INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
    }

    /** The state that an interrupted run left, or empty if there is none that fits. */
    Optional<State> read() {
        return file.filter(Files::exists).flatMap(existing -> readFile());
    }

    private Optional<State> readFile() {
        try (SafetensorsReader reader = SafetensorsReader.open(file.orElseThrow())) {
            Map<String, String> text = new HashMap<>(reader.metadata());
            if (!run().equals(text.get(RUN))) {
                return Optional.empty();
            }
            Map<String, INDArray> arrays = reader.readAll();
            String expected = text.remove(SUM);
            if (!checksum(arrays, text).equals(expected)) {
                LOG.warn("{} is damaged and not used", file.get());
                return Optional.empty();
            }
            return Optional.of(state(arrays, text));
        } catch (IOException e) {
            LOG.warn("{} cannot be read and is not used: {}", file.get(), e.getMessage());
            return Optional.empty();
        }
    }

    private static State state(Map<String, INDArray> arrays, Map<String, String> text) {
        INDArray best = arrays.remove(BEST);
        List<String> losses = text.get("losses").lines().toList();
        List<EpochSummary> history =
                IntStream.range(0, losses.size())
                        .mapToObj(i -> summary(i + 1, losses.get(i).split(" ", -1)))
                        .toList();
        String[] random = text.get("random").split(" ", -1);
        return new State(
                new TrainableNetwork.State(arrays, Integer.parseInt(text.get("steps"))),
                best,
                Integer.parseInt(text.get("best epoch")),
                history,
                new State.RandomState(Long.parseLong(random[0]), Long.parseLong(random[1])));
    }

    private static EpochSummary summary(int epoch, String[] losses) {
        return new EpochSummary(
                epoch, Double.parseDouble(losses[0]), Double.parseDouble(losses[1]));
    }
}
