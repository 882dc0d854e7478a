package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.models.weights.WeightsException;

/**
 * Weights files on this machine. A file gets its final name only once it is complete and verified;
 * until then it lies beside it as {@code .part}, from which an interrupted download resumes.
 * Threads and processes that want the same file wait for each other and share the result.
 *
 * <p>A file may also be placed in the folder by hand, under its {@link CatalogueEntry#fileName()};
 * it is verified like a download. A file that fails is renamed to {@code .rejected}.
 */
public final class WeightsCache {

    private final CacheSettings settings;

    private WeightsCache(CacheSettings settings) {
        this.settings = requireNonNull(settings, "settings is null");
    }

    /**
     * The cache that the machine's user chose; see {@link CacheSettings#fromEnvironment()}.
     *
     * @return the cache; nothing is written before a file is fetched
     */
    public static WeightsCache standard() {
        return new WeightsCache(CacheSettings.fromEnvironment());
    }

    /**
     * A cache of one's own.
     *
     * @param settings folder and manners
     * @return the cache; nothing is written before a file is fetched
     */
    public static WeightsCache with(CacheSettings settings) {
        return new WeightsCache(settings);
    }

    /**
     * Where a file lies or would lie.
     *
     * @param entry from a catalogue
     * @return the path, whether or not there is a file
     */
    public Path pathOf(CatalogueEntry entry) {
        return settings.folder().resolve(entry.fileName());
    }

    /**
     * Fetches a file in silence.
     *
     * @param entry from a catalogue
     * @return as for {@link #fetch(CatalogueEntry, ProgressListener)}
     * @throws WeightsException as for {@link #fetch(CatalogueEntry, ProgressListener)}
     */
    public Path fetch(CatalogueEntry entry) {
        return fetch(entry, ProgressListener.SILENT);
    }

    /**
     * Gives a verified file, from the cache if it is there, else from the mirror or the publisher.
     *
     * @param entry from a catalogue
     * @param listener told of a download's progress
     * @return the file, whose size and checksums are those of the entry or, where the entry has no
     *     SHA-256, of the first use
     * @throws WeightsException if the file cannot be had; the message names the file, the address,
     *     what was expected and where to place the file by hand
     */
    public Path fetch(CatalogueEntry entry, ProgressListener listener) {
        requireNonNull(entry, "entry is null");
        requireNonNull(listener, "listener is null");
        Path target = pathOf(entry);
        try {
            Files.createDirectories(settings.folder());
            return FileGuard.holding(target, () -> fetchAlone(entry, target, listener));
        } catch (IOException e) {
            throw unavailable(entry, e.toString(), e);
        }
    }

    private Path fetchAlone(CatalogueEntry entry, Path target, ProgressListener listener)
            throws IOException {
        Expectation expected =
                Expectation.of(entry, recordedChecksum(entry), settings.largestUnknown());
        if (expected.sha256().isEmpty() && settings.trust() == TrustPolicy.KNOWN_CHECKSUM) {
            throw unavailable(
                    entry,
                    "its SHA-256 is not known, and files are not trusted on first use. To trust"
                            + " this one, set -Ddeepcovid.trustFirstUse=true or"
                            + " DEEPCOVID_TRUST_FIRST_USE=true, or use TrustPolicy.FIRST_USE",
                    null);
        }
        if (Files.exists(target)) {
            List<String> problems = expected.problems(target);
            if (problems.isEmpty()) {
                record(target, expected);
                return target;
            }
            return replace(entry, target, problems, expected, listener);
        }
        return bringInto(entry, target, expected, listener);
    }

    /** The wrong file is put aside first; if no other comes, its user must learn why it went. */
    private Path replace(
            CatalogueEntry entry,
            Path target,
            List<String> problems,
            Expectation expected,
            ProgressListener listener)
            throws IOException {
        Path aside = beside(target, ".rejected");
        Files.move(target, aside, StandardCopyOption.REPLACE_EXISTING);
        try {
            return bringInto(entry, target, expected, listener);
        } catch (WeightsException e) {
            throw new WeightsException(
                    "%s. The file that was there is wrong (%s) and was moved to %s"
                            .formatted(e.getMessage(), String.join("; ", problems), aside),
                    e);
        }
    }

    private Path bringInto(
            CatalogueEntry entry, Path target, Expectation expected, ProgressListener listener)
            throws IOException {
        PartialFile partial = new PartialFile(target);
        bring(entry, partial, expected, listener);
        record(partial.path(), target, expected);
        Files.move(partial.path(), target, StandardCopyOption.ATOMIC_MOVE);
        partial.forget();
        return target;
    }

    private void bring(
            CatalogueEntry entry,
            PartialFile partial,
            Expectation expected,
            ProgressListener listener)
            throws IOException {
        Optional<String> mirror = settings.mirror();
        if (mirror.isPresent() && !isWeb(mirror.get())) {
            copy(entry, folder(mirror.get()).resolve(entry.fileName()), partial, expected);
            return;
        }
        URI address = mirror.map(base -> onMirror(base, entry)).or(entry::address).orElse(null);
        if (address == null) {
            throw unavailable(entry, "the catalogue knows no address for it", null);
        }
        if (settings.network() == NetworkUse.OFFLINE) {
            throw unavailable(
                    entry, "it is not in the cache, and downloads are switched off", null);
        }
        download(entry, address, partial, expected, listener);
    }

    private void copy(CatalogueEntry entry, Path source, PartialFile partial, Expectation expected)
            throws IOException {
        if (!Files.isRegularFile(source)) {
            throw unavailable(entry, source + " is not there", null);
        }
        if (Files.size(source) > expected.largest()) {
            throw unavailable(
                    entry,
                    "%s has %d bytes; at most %d are taken"
                            .formatted(source, Files.size(source), expected.largest()),
                    null);
        }
        List<String> problems = expected.problems(source);
        if (!problems.isEmpty()) {
            throw unavailable(entry, source + ": " + String.join("; ", problems), null);
        }
        partial.discard();
        Files.copy(source, partial.path());
        requireRight(entry, partial, expected, source.toString());
    }

    private void download(
            CatalogueEntry entry,
            URI address,
            PartialFile partial,
            Expectation expected,
            ProgressListener listener)
            throws IOException {
        HttpTransfer transfer = new HttpTransfer(settings);
        SplittableRandom random = new SplittableRandom(settings.retry().seed());
        for (int attempt = 1; ; attempt++) {
            int number = attempt;
            try {
                boolean resumed =
                        transfer.run(
                                address,
                                partial,
                                expected,
                                (bytes, total) ->
                                        listener.progress(progress(entry, bytes, total, number)));
                if (!resumed || expected.problems(partial.path()).isEmpty()) {
                    requireRight(entry, partial, expected, address.toString());
                    return;
                }
                partial.discard();
                throw TransferException.passing("the parts of the file do not fit together");
            } catch (IOException e) {
                if (attempt == settings.retry().attempts()
                        || !TransferException.isWorthRetrying(e)) {
                    throw unavailable(
                            entry,
                            "attempt %d of %d at %s failed: %s"
                                    .formatted(
                                            attempt,
                                            settings.retry().attempts(),
                                            address,
                                            e instanceof TransferException ? e.getMessage() : e),
                            e);
                }
                pause(entry, settings.retry().delayAfter(attempt, random).toMillis());
            }
        }
    }

    private static DownloadProgress progress(
            CatalogueEntry entry, long bytes, OptionalLong total, int attempt) {
        return new DownloadProgress(entry.fileName(), bytes, total, attempt);
    }

    private void requireRight(
            CatalogueEntry entry, PartialFile partial, Expectation expected, String source)
            throws IOException {
        List<String> problems = expected.problems(partial.path());
        if (!problems.isEmpty()) {
            partial.discard();
            throw unavailable(
                    entry,
                    "%s gave another file: %s".formatted(source, String.join("; ", problems)),
                    null);
        }
    }

    private void pause(CatalogueEntry entry, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(entry, "the download was interrupted", e);
        }
    }

    /** The SHA-256 that was recorded when a file without a known one was first accepted. */
    Optional<String> recordedChecksum(CatalogueEntry entry) throws IOException {
        Path record = beside(pathOf(entry), ".sha256");
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        String text = Files.readString(record, StandardCharsets.UTF_8).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IOException(
                    "%s holds '%s'; expected 64 hexadecimal digits. Delete it to trust the file anew"
                            .formatted(record, text));
        }
        return Optional.of(text);
    }

    private static void record(Path present, Expectation expected) throws IOException {
        record(present, present, expected);
    }

    /** Before the file gets its name, so that there is never an accepted file without a record. */
    private static void record(Path present, Path target, Expectation expected) throws IOException {
        if (expected.sha256().isEmpty()) {
            byte[] line =
                    (Expectation.digest(present, "SHA-256") + "\n")
                            .getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(beside(target, ".sha256"), IfExists.REPLACE, out -> out.write(line));
        }
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }

    private static boolean isWeb(String mirror) {
        String lower = mirror.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static Path folder(String mirror) {
        return mirror.startsWith("file:") ? Path.of(URI.create(mirror)) : Path.of(mirror);
    }

    private static URI onMirror(String base, CatalogueEntry entry) {
        return URI.create(base.endsWith("/") ? base : base + "/").resolve(entry.fileName());
    }

    private WeightsException unavailable(CatalogueEntry entry, String why, Exception cause) {
        return new WeightsException(
                ("weights %s (%s) cannot be had: %s. Expected %s%s. Get the file by other means and"
                                + " place it at %s, or name a mirror or folder that has it with"
                                + " -Ddeepcovid.mirror or DEEPCOVID_MIRROR")
                        .formatted(
                                entry.id(),
                                entry.fileName(),
                                why,
                                Expectation.of(entry, Optional.empty(), settings.largestUnknown()),
                                entry.address().map(uri -> " from " + uri).orElse(""),
                                pathOf(entry).toAbsolutePath()),
                cause);
    }
}
