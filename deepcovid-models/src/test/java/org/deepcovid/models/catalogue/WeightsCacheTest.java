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

/** Servers that misbehave: in the end the cache holds the right file or none. */
final class WeightsCacheTest {

    private static final byte[] CONTENT = bytes(4000, 1);

    private final FaultyServer server = new FaultyServer(CONTENT);
    @TempDir Path folder;

    @AfterEach
    void closeServer() {
        server.close();
    }

    private WeightsCache cache() {
        return WeightsCache.with(settings(folder));
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
        Path file = cache().fetch(known());
        assertThat(cache().fetch(known())).isEqualTo(file).isEqualTo(cache().pathOf(known()));
        assertHoldsTheFile();
        assertThat(server.requests()).containsExactly("/weights.bin -");
    }

    @Test
    void resumesWhereAConnectionBrokeAtAnyByte() throws IOException {
        for (int cut = 0; cut < CONTENT.length; cut += 333) {
            Path own = folder.resolve("cut" + cut);
            server.then(server.truncatedAfter(cut));
            int before = server.requests().size();
            Path file = WeightsCache.with(settings(own)).fetch(known());
            assertThat(file).hasBinaryContent(CONTENT);
            assertThat(files(own)).containsExactly(FILE);
            assertThat(server.requests().subList(before, server.requests().size()))
                    .as("cut after %d bytes", cut)
                    .hasSize(2)
                    .last()
                    .isEqualTo("/weights.bin " + (cut == 0 ? "-" : "bytes=" + cut + "-"));
        }
    }

    @Test
    void aLaterCallResumesWhatAnEarlierOneLeft() throws IOException {
        for (int i = 0; i < 3; i++) {
            server.then(server.truncatedAfter(1000));
        }
        assertThatThrownBy(() -> cache().fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("attempt 3 of 3");
        assertThat(files(folder)).containsExactly(FILE + ".part", FILE + ".part.properties");
        cache().fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).last().isEqualTo("/weights.bin bytes=3000-");
    }

    @Test
    void stallingServersAreLeftAndAskedForTheRest() throws IOException {
        server.then(server.stalledAfter(1500)).then(server.silent());
        Duration brief = Duration.ofMillis(250);
        WeightsCache.with(settings(folder).withTimeouts(brief, brief)).fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests())
                .containsExactly(
                        "/weights.bin -", "/weights.bin bytes=1500-", "/weights.bin bytes=1500-");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void asksAgainAfterAPassingFailure(int status) throws IOException {
        server.then(FaultyServer.status(status)).then(FaultyServer.status(status));
        cache().fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void doesNotInsistWhereTheAnswerWillNotChange(int status) throws IOException {
        server.then(FaultyServer.status(status));
        assertThatThrownBy(() -> cache().fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("answered " + status)
                .hasMessageContaining(server.address().toString())
                .hasMessageContaining(FileHashes.sha256(CONTENT))
                .hasMessageContaining("place it at " + folder.resolve(FILE));
        assertThat(files(folder)).isEmpty();
        assertThat(server.requests()).hasSize(1);
        cache().fetch(known());
        assertHoldsTheFile();
    }

    @Test
    void attemptsAreBounded() {
        for (int i = 0; i < 9; i++) {
            server.then(FaultyServer.status(503));
        }
        assertThatThrownBy(() -> cache().fetch(known())).hasMessageContaining("attempt 3 of 3");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void wrongBytesAreRefusedAndNothingIsKept() {
        byte[] wrong = CONTENT.clone();
        wrong[2000] ^= 1;
        server.then(FaultyServer.whole(wrong));
        assertThatThrownBy(() -> cache().fetch(known()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("SHA-256 is " + FileHashes.sha256(wrong));
        assertThat(files(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3999, 4001})
    void anotherSizeIsRefusedBeforeAnythingIsWritten(int length) {
        server.then(FaultyServer.whole(bytes(length, 1)));
        assertThatThrownBy(() -> cache().fetch(known()))
                .hasMessageContaining("offers %d bytes, expected 4000".formatted(length));
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void neverWritesMoreThanTheDeclaredSize() {
        server.then(FaultyServer.unannounced(bytes(100_000, 1)));
        assertThatThrownBy(() -> cache().fetch(known()))
                .hasMessageContaining("sends more than 4000 bytes");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aFileOfUnknownSizeIsBoundedToo() {
        WeightsCache cache =
                WeightsCache.with(
                        settings(folder)
                                .withTrust(TrustPolicy.FIRST_USE)
                                .withLargestUnknown(CONTENT.length - 1));
        assertThatThrownBy(() -> cache.fetch(unknown(server.address())))
                .hasMessageContaining("sends more than 3999 bytes");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aServerThatIgnoresRangesSendsEverythingAnew() throws IOException {
        server.then(server.truncatedAfter(1234)).then(FaultyServer.whole(CONTENT));
        cache().fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).containsExactly("/weights.bin -", "/weights.bin bytes=1234-");
    }

    @Test
    void aChangedFileIsFetchedFromItsBeginning() throws IOException {
        byte[] newer = bytes(5000, 2);
        server.then(server.truncatedAfter(1234))
                .then(
                        exchange -> {
                            server.change(newer, "\"v2\"");
                            server.serve(exchange);
                        });
        CatalogueEntry entry = unknown(server.address());
        WeightsCache.with(settings(folder).withTrust(TrustPolicy.FIRST_USE)).fetch(entry);
        assertThat(folder.resolve(FILE)).hasBinaryContent(newer);
    }

    @Test
    void partsOfTwoVersionsAreNotMixed() throws IOException {
        byte[] newer = bytes(4000, 2);
        server.then(server.truncatedAfter(1234))
                .then(
                        exchange -> { // a server that does not understand If-Range
                            exchange.getResponseHeaders().set("ETag", "\"v2\"");
                            exchange.getResponseHeaders()
                                    .set("Content-Range", "bytes 1234-3999/4000");
                            exchange.sendResponseHeaders(206, 4000 - 1234);
                            exchange.getResponseBody().write(newer, 1234, 4000 - 1234);
                        });
        cache().fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).last().isEqualTo("/weights.bin -");
    }

    @Test
    void aWrongRestIsNoticedAndEverythingFetchedAnew() throws IOException {
        byte[] wrong = bytes(4000, 2);
        server.then(server.truncatedAfter(1234))
                .then(
                        exchange -> { // same tag, other bytes
                            exchange.getResponseHeaders().set("ETag", "\"v1\"");
                            exchange.getResponseHeaders()
                                    .set("Content-Range", "bytes 1234-3999/4000");
                            exchange.sendResponseHeaders(206, 4000 - 1234);
                            exchange.getResponseBody().write(wrong, 1234, 4000 - 1234);
                        });
        cache().fetch(known());
        assertHoldsTheFile();
    }

    @Test
    void anUnsatisfiableRangeStartsAnew() throws IOException {
        server.then(server.truncatedAfter(1234)).then(FaultyServer.status(416));
        cache().fetch(known());
        assertHoldsTheFile();
        assertThat(server.requests()).last().isEqualTo("/weights.bin -");
    }

    @Test
    void encodedAnswersAreRefused() {
        server.then(
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                    exchange.sendResponseHeaders(200, CONTENT.length);
                    exchange.getResponseBody().write(CONTENT);
                });
        assertThatThrownBy(() -> cache().fetch(known())).hasMessageContaining("encoded as gzip");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void progressIsToldAndEndsAtTheTotal() {
        byte[] large = bytes(700_000, 3);
        server.change(large, "\"v1\"");
        List<DownloadProgress> told = new ArrayList<>();
        cache().fetch(entry(server.address(), large), told::add);
        assertThat(told).hasSizeGreaterThan(2);
        assertThat(told).extracting(DownloadProgress::bytes).isSorted();
        assertThat(told.get(told.size() - 1))
                .isEqualTo(new DownloadProgress(FILE, 700_000, OptionalLong.of(700_000), 1));
    }

    @Test
    void aListenerMayEndTheDownload() {
        ProgressListener canceller =
                progress -> {
                    throw new IllegalStateException("enough");
                };
        assertThatThrownBy(() -> cache().fetch(known(), canceller)).hasMessage("enough");
        assertThat(folder.resolve(FILE)).doesNotExist();
        assertThat(cache().fetch(known())).hasBinaryContent(CONTENT);
    }

    @Test
    void aSpoiltFileInTheCacheIsReplaced() throws IOException {
        Path file = cache().fetch(known());
        Files.write(file, bytes(4000, 9));
        cache().fetch(known());
        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(files(folder)).containsExactly(FILE, FILE + ".rejected");
    }

    @Test
    void aWrongFilePlacedByHandIsNamedInTheError() throws IOException {
        Files.write(folder.resolve(FILE), bytes(3, 9));
        WeightsCache offline = WeightsCache.with(settings(folder).withNetwork(NetworkUse.OFFLINE));
        assertThatThrownBy(() -> offline.fetch(known()))
                .hasMessageContaining("downloads are switched off")
                .hasMessageContaining("size is 3, expected 4000")
                .hasMessageContaining(FILE + ".rejected");
        assertThat(files(folder)).containsExactly(FILE + ".rejected");
    }

    @Test
    void aFilePlacedByHandIsUsedWithoutTheNetwork() throws IOException {
        Files.write(folder.resolve(FILE), CONTENT);
        WeightsCache offline = WeightsCache.with(settings(folder).withNetwork(NetworkUse.OFFLINE));
        assertThat(offline.fetch(known())).hasBinaryContent(CONTENT);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void offlineNothingIsAsked() {
        WeightsCache offline = WeightsCache.with(settings(folder).withNetwork(NetworkUse.OFFLINE));
        assertThatThrownBy(() -> offline.fetch(known()))
                .hasMessageContaining("downloads are switched off");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void withoutAnAddressTheMessageSaysWhereTheFileBelongs() {
        CatalogueEntry homeless =
                entry(Optional.empty(), OptionalLong.empty(), known().sha256(), Optional.empty());
        assertThatThrownBy(() -> cache().fetch(homeless))
                .hasMessageContaining("knows no address")
                .hasMessageContaining(folder.resolve(FILE).toString());
    }

    @Test
    void aDeadServerIsReportedWithItsAddress() {
        URI dead = server.address();
        server.close();
        assertThatThrownBy(() -> cache().fetch(entry(dead, CONTENT)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("attempt 3 of 3 at " + dead);
    }

    @Test
    void interruptionEndsTheDownload() {
        server.then(server.silent());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> cache().fetch(known())).isInstanceOf(WeightsException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder.resolve(FILE)).doesNotExist();
    }
}
