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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.models.weights.WeightsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of which no SHA-256 is known beforehand. */
final class TrustTest {

    private static final byte[] CONTENT = bytes(2000, 1);

    private final FaultyServer server = new FaultyServer(CONTENT);
    @TempDir Path folder;

    @AfterEach
    void closeServer() {
        server.close();
    }

    private WeightsCache trusting() {
        return WeightsCache.with(settings(folder).withTrust(TrustPolicy.FIRST_USE));
    }

    private CatalogueEntry unknownFile() {
        return unknown(server.address());
    }

    @Test
    void anUnknownChecksumNeedsAnExplicitChoice() {
        assertThatThrownBy(() -> WeightsCache.with(settings(folder)).fetch(unknownFile()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("not trusted on first use")
                .hasMessageContaining("DEEPCOVID_TRUST_FIRST_USE");
        assertThat(server.requests()).isEmpty();
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void theFirstChecksumIsRecordedAndHolds() throws IOException {
        Path file = trusting().fetch(unknownFile());
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(CONTENT));
        Files.delete(file);
        server.change(bytes(2000, 2), "\"v2\"");
        assertThatThrownBy(() -> trusting().fetch(unknownFile()))
                .hasMessageContaining("expected " + FileHashes.sha256(CONTENT));
        assertThat(files(folder)).containsExactly(FILE + ".sha256");
    }

    @Test
    void onceTrustedAFileNeedsNoSecondChoice() {
        trusting().fetch(unknownFile());
        assertThat(WeightsCache.with(settings(folder)).fetch(unknownFile()))
                .hasBinaryContent(CONTENT);
    }

    @Test
    void aFilePlacedByHandIsRecordedToo() throws IOException {
        Files.write(folder.resolve(FILE), CONTENT);
        trusting().fetch(unknownFile());
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(CONTENT));
    }

    @Test
    void aPublishedMd5IsCheckedThoughItDoesNotMakeTheFileTrusted() {
        CatalogueEntry wrong = withMd5("0".repeat(32));
        assertThatThrownBy(() -> WeightsCache.with(settings(folder)).fetch(wrong))
                .hasMessageContaining("not trusted on first use");
        assertThatThrownBy(() -> trusting().fetch(wrong)).hasMessageContaining("MD5 is ");
        assertThat(files(folder)).isEmpty();
    }

    private CatalogueEntry withMd5(String md5) {
        return entry(
                Optional.of(server.address()),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(md5));
    }

    @Test
    void aLengthThatNobodyKnowsIsRefused() {
        server.then(FaultyServer.unannounced(CONTENT));
        assertThatThrownBy(() -> trusting().fetch(unknownFile()))
                .hasMessageContaining("does not say how long the file is");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aDamagedRecordIsNotReadAsAChecksum() throws IOException {
        Files.writeString(folder.resolve(FILE + ".sha256"), "oops");
        assertThatThrownBy(() -> trusting().fetch(unknownFile()))
                .hasMessageContaining("holds 'oops'");
    }
}
