package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.models.catalogue.CacheFixture.FILE;
import static org.deepcovid.models.catalogue.CacheFixture.bytes;
import static org.deepcovid.models.catalogue.CacheFixture.entry;
import static org.deepcovid.models.catalogue.CacheFixture.files;
import static org.deepcovid.models.catalogue.CacheFixture.settings;
import static org.deepcovid.models.catalogue.CacheFixture.unknown;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.models.weights.WeightsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a faulty server, the cache holds the right file or none in the end. */
final class WeightsCacheTest {

    private static final byte[] CONTENT = bytes(4000, 1);

    private final FaultyServer server = new FaultyServer(CONTENT);
    @TempDir Path folder;

    @AfterEach
    void closeServer() {
        server.close();
    }

    private Path fetch(CatalogueEntry entry) {
        return CacheFixture.fetch(settings(folder), entry);
    }

    private Path fetchOffline(CatalogueEntry entry) {
        return CacheFixture.fetch(
                settings(folder).withNetwork(CacheSettings.Network.OFFLINE), entry);
    }

    private CatalogueEntry known() {
        return entry(server.address(), CONTENT);
    }

    private void assertHoldsTheFile() throws IOException {
        assertThat(files(folder)).containsExactly(FILE);
        assertThat(folder.resolve(FILE)).hasBinaryContent(CONTENT);
    }

    @Test
    void downloadsOnceAndThenUsesTheCache() throws IOException {
        Path file = fetch(known());
        assertThat(fetch(known())).isEqualTo(file).isEqualTo(folder.resolve(FILE));
        assertHoldsTheFile();
        assertThat(server.requests()).containsExactly("/weights.bin");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1234, 3999})
    void aBrokenConnectionIsRetriedOnce(int cut) throws IOException {
        server.then(server.truncatedAfter(cut));
        fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1234, 3999})
    void aConnectionThatBreaksTwiceLeavesNothing(int cut) throws IOException {
        server.then(server.truncatedAfter(cut)).then(server.truncatedAfter(cut));
        assertThatThrownBy(() -> fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("the download of " + server.address() + " failed");
        assertThat(files(folder)).isEmpty();
        assertThat(server.requests()).hasSize(2);
        fetch(known());
        assertHoldsTheFile();
    }

    @Test
    void stallingServersAreRetriedOnce() throws IOException {
        CacheSettings brief = settings(folder, Duration.ofMillis(250), ProxySelector.of(null));
        server.then(server.stalledAfter(1500));
        CacheFixture.fetch(brief, known());
        assertHoldsTheFile();
    }

    @Test
    void serversThatStallTwiceAreReported() {
        CacheSettings brief = settings(folder, Duration.ofMillis(250), ProxySelector.of(null));
        server.then(server.silent()).then(server.stalledAfter(1500));
        assertThatThrownBy(() -> CacheFixture.fetch(brief, known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("no data for 250 ms");
        assertThat(files(folder)).isEmpty();
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void aTemporaryFailureIsRetriedOnce(int status) throws IOException {
        server.then(FaultyServer.status(status));
        fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void attemptsAreBounded() {
        for (int i = 0; i < 9; i++) {
            server.then(FaultyServer.status(503));
        }
        assertThatThrownBy(() -> fetch(known())).hasMessageContaining("answered 503");
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void permanentFailuresAreNotRetried(int status) throws IOException {
        server.then(FaultyServer.status(status));
        assertThatThrownBy(() -> fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining(server.address().toString())
                .hasMessageContaining(FileHashes.sha256(CONTENT))
                .hasMessageContaining("place it at " + folder.resolve(FILE));
        assertThat(files(folder)).isEmpty();
        assertThat(server.requests()).hasSize(1);
        fetch(known());
        assertHoldsTheFile();
    }

    @Test
    void wrongBytesAreRefusedAndNothingIsKept() {
        byte[] wrong = CONTENT.clone();
        wrong[2000] ^= 1;
        server.then(FaultyServer.whole(wrong));
        assertThatThrownBy(() -> fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("SHA-256 is " + FileHashes.sha256(wrong));
        assertThat(files(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3999, 4001})
    void anotherSizeIsRefusedBeforeAnythingIsWritten(int length) {
        server.then(FaultyServer.whole(bytes(length, 1)));
        assertThatThrownBy(() -> fetch(known()))
                .hasMessageContaining("offers %d bytes, expected 4000".formatted(length));
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void neverWritesMoreThanTheDeclaredSize() {
        server.then(FaultyServer.unannounced(bytes(100_000, 1)));
        assertThatThrownBy(() -> fetch(known())).hasMessageContaining("sends more than 4000 bytes");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aFileOfUnknownSizeIsBoundedToo() {
        WeightsCache cache =
                CacheFixture.cache(
                        settings(folder).withTrust(CacheSettings.Trust.FIRST_USE),
                        CONTENT.length - 1);
        assertThatThrownBy(
                        () ->
                                cache.fetch(
                                        unknown(server.address()),
                                        WeightsCache.DownloadListener.NONE))
                .hasMessageContaining("sends more than 3999 bytes");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void encodedAnswersAreRefused() {
        server.then(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, CONTENT.length);
                    exchange.getResponseBody().write(CONTENT);
                });
        assertThatThrownBy(() -> fetch(known())).hasMessageContaining("encoded as gzip");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void progressIsReportedUpToTheTotal() {
        byte[] large = bytes(700_000, 3);
        server.change(large);
        List<Long> reported = new ArrayList<>();
        CacheFixture.cache(settings(folder))
                .fetch(
                        entry(server.address(), large),
                        (file, bytes, total) -> {
                            assertThat(file).isEqualTo(FILE);
                            assertThat(total).hasValue(700_000);
                            reported.add(bytes);
                        });
        assertThat(reported).hasSizeGreaterThan(2).isSorted().last().isEqualTo(700_000L);
    }

    @Test
    void aListenerMayEndTheDownload() {
        WeightsCache.DownloadListener canceller =
                (file, bytes, total) -> {
                    throw new IllegalStateException("enough");
                };
        assertThatThrownBy(() -> CacheFixture.cache(settings(folder)).fetch(known(), canceller))
                .hasMessage("enough");
        assertThat(files(folder)).isEmpty();
        assertThat(fetch(known())).hasBinaryContent(CONTENT);
    }

    @Test
    void aSpoiltFileInTheCacheIsReplaced() throws IOException {
        Path file = fetch(known());
        Files.write(file, bytes(4000, 9));
        fetch(known());
        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(files(folder)).containsExactly(FILE, FILE + ".rejected");
    }

    @Test
    void aWrongFilePlacedByHandIsNamedInTheError() throws IOException {
        Files.write(folder.resolve(FILE), bytes(3, 9));
        assertThatThrownBy(() -> fetchOffline(known()))
                .hasMessageContaining("downloads are switched off")
                .hasMessageContaining("size is 3, expected 4000")
                .hasMessageContaining(FILE + ".rejected");
        assertThat(files(folder)).containsExactly(FILE + ".rejected");
    }

    @Test
    void aFilePlacedByHandIsUsedWithoutTheNetwork() throws IOException {
        Files.write(folder.resolve(FILE), CONTENT);
        assertThat(fetchOffline(known())).hasBinaryContent(CONTENT);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void offlineNothingIsRequested() {
        assertThatThrownBy(() -> fetchOffline(known()))
                .hasMessageContaining("downloads are switched off");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void withoutAnAddressTheMessageSaysWhereTheFileBelongs() {
        CatalogueEntry homeless =
                entry(Optional.empty(), OptionalLong.empty(), known().sha256(), Optional.empty());
        assertThatThrownBy(() -> fetch(homeless))
                .hasMessageContaining("has no address")
                .hasMessageContaining(folder.resolve(FILE).toString());
    }

    @Test
    void aDeadServerIsReportedWithItsAddress() {
        URI dead = server.address();
        server.close();
        assertThatThrownBy(() -> fetch(entry(dead, CONTENT)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("the download of " + dead + " failed");
    }

    @Test
    void interruptionEndsTheDownload() {
        server.then(server.silent());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> fetch(known())).isInstanceOf(WeightsException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve(FILE)).doesNotExist();
    }
}
