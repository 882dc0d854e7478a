package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.models.catalogue.CacheFixture.bytes;

import java.io.IOException;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.models.weights.WeightsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a faulty server, the cache holds the right file or none in the end. */
final class WeightsCacheTest extends ServerTest {

    WeightsCacheTest() {
        super(4000);
    }

    private WeightsCache cacheWithTimeout(int millis) {
        return CacheFixture.cache(
                CacheFixture.settings(folder, Duration.ofMillis(millis), ProxySelector.of(null)));
    }

    private WeightsCache offline() {
        return CacheFixture.cache(settings().withNetwork(CacheSettings.Network.OFFLINE));
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
        assertRetriedOnce(
                server.truncatedAfter(cut), "the download of " + server.address() + " failed");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void aTemporaryFailureIsRetriedOnce(int status) throws IOException {
        assertRetriedOnce(FaultyServer.status(status), "answered " + status);
    }

    private void assertRetriedOnce(FaultyServer.Behaviour fault, String message)
            throws IOException {
        server.then(fault).then(fault);
        refused(known(), message);
        assertThat(server.requests()).hasSize(2);
        server.then(fault);
        fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void stallingServersAreRetriedOnce() throws IOException {
        server.then(server.silent()).then(server.stalledAfter(1500));
        refused(cacheWithTimeout(250), known(), "no data for 250 ms");
        assertThat(server.requests()).hasSize(2);
        server.then(server.stalledAfter(1500));
        cacheWithTimeout(250).fetch(known(), WeightsCache.DownloadListener.NONE);
        assertHoldsTheFile();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void permanentFailuresAreNotRetried(int status) throws IOException {
        server.then(FaultyServer.status(status));
        refused(
                known(),
                "answered " + status,
                server.address().toString(),
                FileHashes.sha256(content),
                "place it at " + folder.resolve(FILE));
        assertThat(server.requests()).hasSize(1);
        fetch(known());
        assertHoldsTheFile();
    }

    @Test
    void wrongBytesAreRefusedAndNothingIsKept() {
        byte[] wrong = content.clone();
        wrong[2000] ^= 1;
        refused(FaultyServer.whole(wrong), "SHA-256 is " + FileHashes.sha256(wrong));
        refused(FaultyServer.whole(bytes(3999, 1)), "offers 3999 bytes, expected 4000");
        refused(FaultyServer.whole(bytes(4001, 1)), "offers 4001 bytes, expected 4000");
        refused(FaultyServer.unannounced(bytes(100_000, 1)), "sends more than 4000 bytes");
        refused(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    FaultyServer.whole(content).handle(exchange);
                },
                "encoded as gzip");
    }

    private void refused(FaultyServer.Behaviour answer, String message) {
        server.then(answer);
        refused(known(), message);
    }

    @Test
    void aFileOfUnknownSizeIsBoundedToo() {
        CacheSettings trusting = settings().withTrust(CacheSettings.Trust.FIRST_USE);
        refused(CacheFixture.cache(trusting, 3999), unknown(), "sends more than 3999 bytes");
    }

    @Test
    void progressIsReportedUpToTheTotal() {
        byte[] large = bytes(700_000, 3);
        server.change(large);
        List<Long> reported = new ArrayList<>();
        CacheFixture.cache(settings())
                .fetch(
                        CacheFixture.entry(server.address(), large),
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
        assertThatThrownBy(() -> CacheFixture.cache(settings()).fetch(known(), canceller))
                .hasMessage("enough");
        assertThat(files()).isEmpty();
        assertThat(fetch(known())).hasBinaryContent(content);
    }

    @Test
    void aSpoiltFileInTheCacheIsReplaced() throws IOException {
        Path file = fetch(known());
        Files.write(file, bytes(4000, 9));
        fetch(known());
        assertThat(file).hasBinaryContent(content);
        assertThat(files()).containsExactly(FILE, FILE + ".rejected");
    }

    @Test
    void aWrongFilePlacedByHandIsNamedInTheError() throws IOException {
        Files.write(folder.resolve(FILE), bytes(3, 9));
        refused(
                offline(),
                known(),
                "downloads are switched off",
                "size is 3, expected 4000",
                FILE + ".rejected");
        assertThat(files()).containsExactly(FILE + ".rejected");
    }

    @Test
    void offlineOnlyAFilePlacedByHandIsUsed() throws IOException {
        refused(offline(), known(), "downloads are switched off");
        Files.write(folder.resolve(FILE), content);
        assertThat(offline().fetch(known(), WeightsCache.DownloadListener.NONE))
                .hasBinaryContent(content);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void withoutAnAddressTheMessageSaysWhereTheFileBelongs() {
        CatalogueEntry homeless =
                CacheFixture.entry(
                        Optional.empty(), OptionalLong.empty(), known().sha256(), Optional.empty());
        refused(homeless, "has no address", folder.resolve(FILE).toString());
    }

    @Test
    void aDeadServerIsReportedWithItsAddress() {
        CatalogueEntry entry = known();
        server.close();
        refused(entry, "the download of " + entry.address().get() + " failed");
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
