package org.deepcovid.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.io.RecordJournal;

/**
 * The scores that a run has computed, by classifier and content of the image, kept in a file while
 * the run lasts. Scores of a run that did not end can be taken up again.
 */
final class ScoreJournal implements AutoCloseable {

    private static final int DIGITS = 16;

    private final Path file;
    private final RecordJournal records;
    private final boolean resume;
    private final int earlier;

    private ScoreJournal(Path file, RecordJournal records, boolean resume) {
        this.file = file;
        this.records = records;
        this.resume = resume;
        this.earlier = records.size();
    }

    /**
     * Opens the journal of a classifier.
     *
     * @param folder of journals; made if need be
     * @param classifier SHA-256 of the classifier's file
     * @param engine what computes the scores; others may differ in the last bits
     * @param resume whether earlier scores are to be used
     * @return empty if another run writes to it
     * @throws IOException if the folder cannot be used
     */
    static Optional<ScoreJournal> open(
            Path folder, String classifier, String engine, boolean resume) throws IOException {
        Path file = folder.resolve("scores-" + classifier.substring(0, DIGITS) + ".journal");
        return RecordJournal.open(file, "deepcovid scores of " + classifier + " by " + engine)
                .map(records -> new ScoreJournal(file, records, resume));
    }

    /** Number of scores that an earlier run left. */
    int earlier() {
        return earlier;
    }

    /** The score of an image with this content, if an earlier run left it and is to be resumed. */
    OptionalDouble find(String sha256) {
        try {
            Optional<byte[]> value = resume ? records.find(sha256) : Optional.empty();
            return value.isPresent()
                    ? OptionalDouble.of(ByteBuffer.wrap(value.get()).getDouble())
                    : OptionalDouble.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e, e);
        }
    }

    /** Keeps a score at once. */
    void put(String sha256, double score) {
        try {
            records.put(sha256, ByteBuffer.allocate(Double.BYTES).putDouble(score).array());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file + ": " + e, e);
        }
    }

    /** The run has ended well: there is nothing to take up. */
    void finish() throws IOException {
        records.finish();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
