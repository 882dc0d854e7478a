package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/** Small files, quick settings. */
final class CacheFixture {

    static final String FILE = "weights.bin";

    private CacheFixture() {}

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Of known size and checksum. */
    static CatalogueEntry entry(URI address, byte[] content) {
        return entry(
                Optional.of(address),
                OptionalLong.of(content.length),
                Optional.of(FileHashes.sha256(content)),
                Optional.empty());
    }

    /** Of which nothing is known but the address. */
    static CatalogueEntry unknown(URI address) {
        return entry(
                Optional.of(address), OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    static CatalogueEntry entry(
            Optional<URI> address,
            OptionalLong size,
            Optional<String> sha256,
            Optional<String> md5) {
        return new CatalogueEntry(
                "test",
                "resnet18",
                FILE,
                address,
                size,
                sha256,
                md5,
                "MIT",
                Flavour.TORCHVISION,
                "torch",
                Optional.empty(),
                Optional.empty(),
                "made by a test");
    }

    /** A short timeout and no proxy. */
    static CacheSettings settings(Path folder) {
        return settings(folder, Duration.ofSeconds(2), ProxySelector.of(null));
    }

    static CacheSettings settings(Path folder, Duration timeout, ProxySelector proxies) {
        return new CacheSettings(
                folder,
                CacheSettings.Network.ONLINE,
                CacheSettings.Trust.KNOWN_CHECKSUM,
                Optional.empty(),
                timeout,
                proxies);
    }

    /** A cache that retries at once. */
    static WeightsCache cache(CacheSettings settings) {
        return cache(settings, 1 << 20);
    }

    static WeightsCache cache(CacheSettings settings, long maxUnknownSize) {
        return new WeightsCache(settings, maxUnknownSize, Duration.ZERO);
    }

    static Path fetch(CacheSettings settings, CatalogueEntry entry) {
        return cache(settings).fetch(entry, WeightsCache.DownloadListener.NONE);
    }

    /** Everything in the folder but the lock. */
    static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
