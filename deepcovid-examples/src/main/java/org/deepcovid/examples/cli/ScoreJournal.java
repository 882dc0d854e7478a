package org.deepcovid.examples.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The scores that a run has computed, by classifier and content of the image, kept in a file while
 * the run lasts. Scores of a run that did not end can be taken up again; a line that was cut short
 * is left out.
 */
final class ScoreJournal implements AutoCloseable {

    private static final int DIGITS = 16;

    private final Path file;
    private final RandomAccessFile content; // unlike a channel, not closed by an interrupt
    private final boolean resume;
    private final Map<String, Double> earlier;

    private ScoreJournal(
            Path file, RandomAccessFile content, boolean resume, Map<String, Double> earlier) {
        this.file = file;
        this.content = content;
        this.resume = resume;
        this.earlier = earlier;
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
        Files.createDirectories(folder);
        Path file = folder.resolve("scores-" + classifier.substring(0, DIGITS) + ".txt");
        RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
        if (!isLocked(content)) {
            content.close();
            return Optional.empty();
        }
        String header = "deepcovid scores of " + classifier + " by " + engine + "\n";
        Map<String, Double> earlier = new ConcurrentHashMap<>();
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n') + 1;
        if (text.startsWith(header)) {
            text.substring(header.length(), end).lines().forEach(line -> take(line, earlier));
            content.setLength(end);
            content.seek(end);
        } else {
            content.setLength(0);
            content.write(header.getBytes(StandardCharsets.ISO_8859_1));
        }
        return Optional.of(new ScoreJournal(file, content, resume, earlier));
    }

    private static boolean isLocked(RandomAccessFile content) throws IOException {
        try {
            FileLock lock = content.getChannel().tryLock();
            return lock != null; // released when the file is closed
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void take(String line, Map<String, Double> scores) {
        String[] words = line.split(" ");
        if (words.length == 2 && words[0].matches("[0-9a-f]{64}")) {
            try {
                double score = Double.parseDouble(words[1]);
                if (score >= 0 && score <= 1) {
                    scores.put(words[0], score);
                }
            } catch (NumberFormatException e) {
                // a damaged line; its image is scored again
            }
        }
    }

    /** Number of scores that an earlier run left. */
    int earlier() {
        return earlier.size();
    }

    /** The score of an image with this content, if an earlier run left it and is to be resumed. */
    OptionalDouble find(String sha256) {
        Double score = resume ? earlier.get(sha256) : null;
        return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    /** Keeps a score at once. */
    void put(String sha256, double score) {
        if (earlier.put(sha256, score) != null) {
            return;
        }
        byte[] line = (sha256 + " " + score + "\n").getBytes(StandardCharsets.ISO_8859_1);
        try {
            content.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file + ": " + e, e);
        }
    }

    /** The run has ended well: there is nothing to take up. */
    void finish() throws IOException {
        content.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
