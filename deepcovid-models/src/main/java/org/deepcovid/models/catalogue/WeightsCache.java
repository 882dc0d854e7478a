package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.models.weights.WeightsException;

/**
 * Weights files on this machine. A download is written to {@code <name>.part} and renamed once its
 * size and checksums are right; a failed download leaves nothing. Threads and processes that need
 * the same file wait for each other and share the result.
 *
 * <p>A file may also be placed in the folder by hand, under its {@link CatalogueEntry#fileName()};
 * it is verified like a download. A file that fails the check is renamed to {@code
 * <name>.rejected}.
 */
public final class WeightsCache {

    /** Receives the progress of a download, in the thread that started it. */
    @FunctionalInterface
    public interface DownloadListener {

        /** Ignores all progress. */
        DownloadListener NONE = (fileName, bytes, total) -> {};

        /**
         * More bytes have arrived. An exception thrown here ends the download.
         *
         * @param fileName as in {@link CatalogueEntry#fileName()}
         * @param bytes received so far; starts again at 0 when the download is retried
         * @param total size of the file; empty if the server does not send it
         */
        void progress(String fileName, long bytes, OptionalLong total);
    }

    private static final long MAX_UNKNOWN_SIZE = 512L << 20;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** A file lock alone throws where two threads of one JVM need the same file. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final CacheSettings settings;
    private final long maxUnknownSize;
    private final Duration retryDelay;

    WeightsCache(CacheSettings settings, long maxUnknownSize, Duration retryDelay) {
        this.settings = requireNonNull(settings, "settings is null");
        this.maxUnknownSize = maxUnknownSize;
        this.retryDelay = retryDelay;
    }

    /**
     * The cache of the user's settings; see {@link CacheSettings#fromEnvironment()}.
     *
     * @return the cache; nothing is written before a file is fetched
     */
    public static WeightsCache standard() {
        return with(CacheSettings.fromEnvironment());
    }

    /**
     * A cache of given settings.
     *
     * @param settings folder, mirror and so on
     * @return the cache; nothing is written before a file is fetched
     */
    public static WeightsCache with(CacheSettings settings) {
        return new WeightsCache(settings, MAX_UNKNOWN_SIZE, RETRY_DELAY);
    }

    /**
     * The path of a file in the cache.
     *
     * @param entry from a catalogue
     * @return the path, which need not exist
     */
    public Path pathOf(CatalogueEntry entry) {
        return settings.folder().resolve(entry.fileName());
    }

    /**
     * Returns a verified file: from the cache, else from the mirror or the publisher.
     *
     * @param entry from a catalogue
     * @param listener receives the progress of a download
     * @return the file; size and checksums are those of the entry or, where the entry has no
     *     SHA-256, of the first use
     * @throws WeightsException if the file is not available; the message contains file, address,
     *     expectation and the path to place the file at
     */
    public Path fetch(CatalogueEntry entry, DownloadListener listener) {
        requireNonNull(entry, "entry is null");
        requireNonNull(listener, "listener is null");
        Path target = pathOf(entry);
        ReentrantLock threads =
                LOCKS.computeIfAbsent(
                        target.toAbsolutePath().normalize(), path -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(settings.folder());
            // the lock file stays: deleting it would admit two others at once
            try (FileChannel lockFile =
                            FileChannel.open(
                                    beside(target, ".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock processes = lockFile.lock()) {
                requireNonNull(processes);
                return fetchLocked(entry, target, listener);
            }
        } catch (IOException e) {
            throw new WeightsException(unavailable(entry, e), e);
        } finally {
            threads.unlock();
        }
    }

    private Path fetchLocked(CatalogueEntry entry, Path target, DownloadListener listener)
            throws IOException {
        ExpectedFile expected = expected(entry, recordedChecksum(target));
        if (expected.sha256().isEmpty() && settings.trust() == CacheSettings.Trust.KNOWN_CHECKSUM) {
            throw new IOException(
                    "its SHA-256 is not known, and files are not trusted on first use. To trust"
                            + " this one, set -Ddeepcovid.trustFirstUse=true or"
                            + " DEEPCOVID_TRUST_FIRST_USE=true, or use Trust.FIRST_USE");
        }
        if (!Files.exists(target)) {
            return fetchInto(target, entry, expected, listener);
        }
        List<String> problems = expected.problems(target);
        if (problems.isEmpty()) {
            recordChecksum(target, target, expected);
            return target;
        }
        Path rejected = beside(target, ".rejected");
        Files.move(target, rejected, StandardCopyOption.REPLACE_EXISTING);
        try {
            return fetchInto(target, entry, expected, listener);
        } catch (IOException e) {
            throw new IOException(
                    "%s. The file in the cache was wrong (%s) and was moved to %s"
                            .formatted(text(e), String.join("; ", problems), rejected),
                    e);
        }
    }

    private Path fetchInto(
            Path target, CatalogueEntry entry, ExpectedFile expected, DownloadListener listener)
            throws IOException {
        Path part = beside(target, ".part");
        try {
            String source = transfer(entry, part, expected, listener);
            List<String> problems = expected.problems(part);
            if (!problems.isEmpty()) {
                throw new IOException(source + ": " + String.join("; ", problems));
            }
            recordChecksum(part, target, expected);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes the file from the mirror or the publisher, unverified, and returns its source. */
    private String transfer(
            CatalogueEntry entry, Path part, ExpectedFile expected, DownloadListener listener)
            throws IOException {
        Optional<String> mirror = settings.mirror();
        if (mirror.isPresent() && !mirror.get().matches("(?i)https?://.*")) {
            return copy(mirror.get(), entry, part, expected);
        }
        URI address = mirror.map(base -> onMirror(base, entry)).or(entry::address).orElse(null);
        if (address == null) {
            throw new IOException("the catalogue has no address for it");
        }
        if (settings.network() == CacheSettings.Network.OFFLINE) {
            throw new IOException("it is not in the cache, and downloads are switched off");
        }
        try {
            new Download(settings, retryDelay, entry.fileName(), expected, listener)
                    .run(address, part);
            return address.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } catch (IOException e) {
            throw new IOException("the download of %s failed: %s".formatted(address, text(e)), e);
        }
    }

    private static String copy(
            String mirror, CatalogueEntry entry, Path part, ExpectedFile expected)
            throws IOException {
        Path folder = mirror.startsWith("file:") ? Path.of(URI.create(mirror)) : Path.of(mirror);
        Path source = folder.resolve(entry.fileName());
        if (!Files.isRegularFile(source)) {
            throw new IOException(source + " does not exist");
        }
        if (Files.size(source) > expected.maxSize()) {
            throw new IOException(
                    "%s has %d bytes; at most %d are accepted"
                            .formatted(source, Files.size(source), expected.maxSize()));
        }
        Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
        return source.toString();
    }

    private static URI onMirror(String base, CatalogueEntry entry) {
        return URI.create(base.endsWith("/") ? base : base + "/").resolve(entry.fileName());
    }

    private ExpectedFile expected(CatalogueEntry entry, Optional<String> recorded) {
        return new ExpectedFile(
                entry.size(),
                entry.sha256().or(() -> recorded),
                entry.md5(),
                entry.size().orElse(maxUnknownSize));
    }

    /** The SHA-256 recorded when a file without a published one was first accepted. */
    private static Optional<String> recordedChecksum(Path target) throws IOException {
        Path record = beside(target, ".sha256");
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        String text = Files.readString(record).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IOException(
                    "%s holds '%s'; expected 64 hexadecimal digits. Delete it to trust the file again"
                            .formatted(record, text));
        }
        return Optional.of(text);
    }

    /** Runs before the file gets its name, so that an accepted file always has a record. */
    private static void recordChecksum(Path present, Path target, ExpectedFile expected)
            throws IOException {
        if (expected.sha256().isEmpty()) {
            String line = ExpectedFile.digest(present, "SHA-256") + "\n";
            AtomicFile.write(
                    beside(target, ".sha256"),
                    IfExists.REPLACE,
                    out -> out.write(line.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }

    /** Messages of the file system contain nothing but a path. */
    private static String text(IOException e) {
        return e instanceof FileSystemException || e.getMessage() == null
                ? e.toString()
                : e.getMessage();
    }

    private String unavailable(CatalogueEntry entry, IOException e) {
        return ("weights %s (%s) are not available: %s. Expected %s%s. Download the file by other"
                        + " means and place it at %s, or set -Ddeepcovid.mirror or"
                        + " DEEPCOVID_MIRROR to a mirror or folder that has it")
                .formatted(
                        entry.id(),
                        entry.fileName(),
                        text(e),
                        expected(entry, Optional.empty()),
                        entry.address().map(uri -> " from " + uri).orElse(""),
                        pathOf(entry).toAbsolutePath());
    }
}
