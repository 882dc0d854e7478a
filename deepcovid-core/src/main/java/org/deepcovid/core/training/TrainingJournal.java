package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.io.RecordJournal;
import org.deepcovid.core.training.EarlierWork.Finding;
import org.deepcovid.core.training.EarlierWork.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fine-tuning keeps of its work while it lasts, so that after an interruption another run
 * goes on from there and makes the same classifier, bit for bit:
 *
 * <ul>
 *   <li>what the frozen layers made of each form of each image, as soon as it is known, by the
 *       content of the file and by what was done to the image;
 *   <li>where layers are trained, everything that training changes, after each epoch.
 * </ul>
 *
 * <p>The epochs of a head alone take seconds and are repeated. What was kept is used if network,
 * weights, library, engine, machine and number of threads are the same, and for epochs also recipe
 * and images; files that were added, removed or changed in between cost no more than themselves.
 *
 * <p>A run that ends well calls {@link #finish}, once its result is saved. Closing without that
 * leaves the files for another run.
 *
 * <pre>{@code
 * try (TrainingJournal journal =
 *         TrainingJournal.in(Path.of("unfinished"), TrainingJournal.Earlier.RESUME)) {
 *     try (CovidClassifier classifier =
 *             CovidClassifier.fineTune(backbone, data, config, listener, journal)) {
 *         classifier.save(Path.of("my.deepcovid"));
 *     }
 *     journal.finish();
 * }
 * }</pre>
 *
 * <p>A journal serves one fine-tuning.
 */
public final class TrainingJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingJournal.class);

    private static final String FEATURES = "features.journal";
    private static final String EPOCHS = "epochs.safetensors";

    /** What to do with the work of an earlier run. */
    public enum Earlier {
        /** Go on from it. */
        RESUME,
        /** Begin anew; the listener is told that there would be something to go on from. */
        IGNORE
    }

    private final Optional<Path> folder;
    private final Earlier earlier;
    private Optional<RecordJournal> features = Optional.empty();

    private TrainingJournal(Optional<Path> folder, Earlier earlier) {
        this.folder = folder;
        this.earlier = requireNonNull(earlier, "earlier is null");
    }

    /**
     * A journal in a folder of its own, which is made when there is something to keep.
     *
     * @param folder names the job: an interrupted run is taken up by the next one with this folder
     * @param earlier what to do with what is there
     * @return to be closed after the fine-tuning, and after {@link
     *     org.deepcovid.core.CovidClassifier#outOfFoldScores} if these are wanted
     */
    public static TrainingJournal in(Path folder, Earlier earlier) {
        return new TrainingJournal(Optional.of(folder), earlier);
    }

    /**
     * A journal that keeps nothing.
     *
     * @return has no effect
     */
    public static TrainingJournal none() {
        return new TrainingJournal(Optional.empty(), Earlier.IGNORE);
    }

    boolean keeps() {
        return folder.isPresent();
    }

    /**
     * Opens what is kept of the frozen layers' work.
     *
     * @param network identifies what computes
     * @param bytes about how much will be kept at most
     */
    KeptRows rows(String network, long bytes, FineTuneListener listener) {
        if (folder.isEmpty()) {
            return KeptRows.none();
        }
        try {
            features = RecordJournal.open(folder.get().resolve(FEATURES), "deepcovid " + network);
            if (features.isPresent() && hasRoom(bytes)) {
                return new KeptRows(features.get(), earlier == Earlier.RESUME, listener);
            }
        } catch (IOException e) {
            LOG.warn("the features cannot be kept in {}: {}", folder.get(), e.toString());
        }
        listener.onEarlierWork(new EarlierWork(Kind.FEATURES, Finding.CANNOT_KEEP, 0));
        return KeptRows.none();
    }

    /** As much must stay free as is kept: other parts of the run may need the same disk. */
    private boolean hasRoom(long bytes) throws IOException {
        return Files.getFileStore(folder.orElseThrow()).getUsableSpace() / 2 >= bytes;
    }

    /**
     * Opens what is kept of the epochs, after {@link #rows}.
     *
     * @param run identifies network, recipe and images
     */
    KeptEpochs epochs(String run, FineTuneListener listener) {
        return features.isEmpty()
                ? KeptEpochs.none()
                : KeptEpochs.in(
                        folder.orElseThrow().resolve(EPOCHS),
                        run,
                        earlier == Earlier.RESUME,
                        listener);
    }

    /**
     * The run has ended well: deletes what was kept, and the folder if nothing else is in it.
     *
     * @throws UncheckedIOException if something cannot be deleted
     */
    public void finish() {
        if (features.isEmpty()) {
            return;
        }
        Path place = folder.orElseThrow();
        try {
            Files.deleteIfExists(place.resolve(EPOCHS));
            features.get().finish();
            Files.deleteIfExists(place);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} holds other files too", place);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot delete %s, which is of no more use: %s".formatted(place, e), e);
        }
    }

    /** Closes the files, which stay for another run unless {@link #finish} deleted them. */
    @Override
    public void close() {
        features.ifPresent(TrainingJournal::close);
    }

    private static void close(RecordJournal journal) {
        try {
            journal.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the journal of a fine-tuning: " + e, e);
        }
    }
}
