package org.deepcovid.benchmarks.pretrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.core.training.TrainableNetwork;

/** The training state in one file, which is replaced atomically. */
final class Checkpoint {

    private static final String STEPS = "steps";
    private static final String RUN = "run";

    private final Path file;
    private final String run;

    /**
     * A checkpoint file; the file of another run is refused.
     *
     * @param run identifies plan and data
     */
    Checkpoint(Path file, String run) {
        this.file = file;
        this.run = run;
    }

    void write(TrainableNetwork.State state) {
        Map<String, String> metadata = Map.of(STEPS, Integer.toString(state.steps()), RUN, run);
        try {
            AtomicFile.write(
                    file,
                    IfExists.REPLACE,
                    out -> SafetensorsWriter.write(out, state.arrays(), metadata));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the checkpoint %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    Optional<TrainableNetwork.State> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Map<String, String> metadata = reader.metadata();
            if (!run.equals(metadata.get(RUN))) {
                throw new IllegalArgumentException(
                        "the checkpoint %s is of another run (%s; this one is %s); delete it, or repeat the arguments of that run"
                                .formatted(file, metadata.get(RUN), run));
            }
            return Optional.of(
                    new TrainableNetwork.State(
                            reader.readAll(), Integer.parseInt(metadata.get(STEPS))));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the checkpoint %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the checkpoint " + file + ": " + e, e);
        }
    }
}
