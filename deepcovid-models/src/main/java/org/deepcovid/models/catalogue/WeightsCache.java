package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
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

    /** One per file: a {@link FileChannel#lock} throws where a thread of the same JVM holds it. */
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

    private final CacheSettings settings;
    private final long maxUnknownSize;
    private final Duration retryDelay;

    WeightsCache(CacheSettings settings, long maxUnknownSize, Duration retryDelay) {
        this.settings = requireNonNull(settings, "settings is null");
        this.maxUnknownSize = maxUnknownSize;
        this.retryDelay = retryDelay;
    }

    /** The cache of the user's settings; see {@link CacheSettings#fromEnvironment()}. */
    public static WeightsCache standard() {
        return with(CacheSettings.fromEnvironment());
    }

    /** A cache of given settings; nothing is written before a file is fetched. */
    public static WeightsCache with(CacheSettings settings) {
        return new WeightsCache(settings, MAX_UNKNOWN_SIZE, Duration.ofSeconds(1));
    }

    /**
     * Returns a verified file: from the cache, else from the mirror or the publisher.
     *
     * @return the file; size and checksums are those of the entry or, where the entry has no
     *     SHA-256, of the first use
     * @throws WeightsException if the file is not available; the message contains file, address,
     *     expectation and the path to place the file at
     */
    public Path fetch(CatalogueEntry entry, DownloadListener listener) {
        requireNonNull(listener, "listener is null");
        Path target = settings.folder().resolve(entry.fileName());
        Path key = target.toAbsolutePath().normalize();
        synchronized (LOCKS.computeIfAbsent(key, path -> new Object())) {
            try {
                Files.createDirectories(settings.folder());
                // the lock file stays: deleting it would admit two others at once
                try (FileChannel processes =
                        FileChannel.open(
                                beside(target, ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE)) {
                    processes.lock(); // until the channel is closed
                    return fetchLocked(entry, target, listener);
                }
            } catch (IOException e) {
                throw new WeightsException(unavailable(entry, key, e), e);
            }
        }
    }

    private Path fetchLocked(CatalogueEntry entry, Path target, DownloadListener listener)
            throws IOException {
        ExpectedFile expected = expected(entry, recordedChecksum(target));
        if (!expected.known().containsKey(ExpectedFile.SHA_256)
                && settings.trust() == CacheSettings.Trust.KNOWN_CHECKSUM) {
            throw new IOException(
                    "its SHA-256 is not known, and files are not trusted on first use. To trust"
                            + " this one, set -Ddeepcovid.trustFirstUse=true or"
                            + " DEEPCOVID_TRUST_FIRST_USE=true, or use Trust.FIRST_USE");
        }
        String rejection = "";
        if (Files.exists(target)) {
            String problems = expected.problems(target);
            if (problems.isEmpty()) {
                recordChecksum(target, target, expected);
                return target;
            }
            Path rejected = beside(target, ".rejected");
            Files.move(target, rejected, StandardCopyOption.REPLACE_EXISTING);
            rejection =
                    ". The file in the cache was wrong (%s) and was moved to %s"
                            .formatted(problems, rejected);
        }
        Path part = beside(target, ".part");
        try {
            String source = transfer(entry, part, expected, listener);
            String problems = expected.problems(part);
            if (!problems.isEmpty()) {
                throw new IOException(source + ": " + problems);
            }
            recordChecksum(part, target, expected); // first: an accepted file always has a record
            return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException(text(e) + rejection, e);
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
            return copy(mirror.get(), part, expected);
        }
        URI address =
                mirror.map(base -> URI.create(base.replaceFirst("/?$", "/") + entry.fileName()))
                        .or(entry::address)
                        .orElseThrow(() -> new IOException("the catalogue has no address for it"));
        if (settings.network() == CacheSettings.Network.OFFLINE) {
            throw new IOException("it is not in the cache, and downloads are switched off");
        }
        try {
            download(address, part, new Download(settings, expected, listener));
            return address.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } catch (IOException e) {
            throw new IOException("the download of %s failed: %s".formatted(address, text(e)), e);
        }
    }

    private void download(URI address, Path part, Download download)
            throws IOException, InterruptedException {
        try {
            download.run(address, part);
        } catch (ProtocolException | FileSystemException e) {
            throw e;
        } catch (IOException e) { // once more
            Thread.sleep(retryDelay.toMillis());
            download.run(address, part);
        }
    }

    private static String copy(String mirror, Path part, ExpectedFile expected) throws IOException {
        Path folder = mirror.startsWith("file:") ? Path.of(URI.create(mirror)) : Path.of(mirror);
        Path source = folder.resolve(expected.name());
        if (!Files.isRegularFile(source)) {
            throw new IOException(source + " does not exist");
        }
        long size = Files.size(source);
        if (size > expected.maxSize()) {
            throw new IOException(
                    "%s has %d bytes; at most %d are accepted"
                            .formatted(source, size, expected.maxSize()));
        }
        Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
        return source.toString();
    }

    private ExpectedFile expected(CatalogueEntry entry, Optional<String> recorded) {
        Map<String, String> known = new LinkedHashMap<>();
        entry.size().ifPresent(size -> known.put(ExpectedFile.SIZE, Long.toString(size)));
        entry.sha256().or(() -> recorded).ifPresent(hex -> known.put(ExpectedFile.SHA_256, hex));
        entry.md5().ifPresent(hex -> known.put(ExpectedFile.MD5, hex));
        return new ExpectedFile(entry.fileName(), known, entry.size().orElse(maxUnknownSize));
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

    private static void recordChecksum(Path present, Path target, ExpectedFile expected)
            throws IOException {
        if (!expected.known().containsKey(ExpectedFile.SHA_256)) {
            String line = ExpectedFile.digest(present, ExpectedFile.SHA_256) + "\n";
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

    private String unavailable(CatalogueEntry entry, Path target, IOException e) {
        return ("weights %s (%s) are not available: %s. Expected %s%s. Download the file by other"
                        + " means and place it at %s, or set -Ddeepcovid.mirror or"
                        + " DEEPCOVID_MIRROR to a mirror or folder that has it")
                .formatted(
                        entry.id(),
                        entry.fileName(),
                        text(e),
                        expected(entry, Optional.empty()),
                        entry.address().map(uri -> " from " + uri).orElse(""),
                        target);
    }
}
