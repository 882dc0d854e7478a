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

    private Path fetchTrusting(CatalogueEntry entry) {
        return CacheFixture.fetch(settings(folder).withTrust(CacheSettings.Trust.FIRST_USE), entry);
    }

    private Path fetchKnown(CatalogueEntry entry) {
        return CacheFixture.fetch(settings(folder), entry);
    }

    private CatalogueEntry unknownFile() {
        return unknown(server.address());
    }

    @Test
    void anUnknownChecksumNeedsAnExplicitChoice() {
        assertThatThrownBy(() -> fetchKnown(unknownFile()))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("not trusted on first use")
                .hasMessageContaining("DEEPCOVID_TRUST_FIRST_USE");
        assertThat(server.requests()).isEmpty();
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void theFirstChecksumIsRecordedAndHolds() throws IOException {
        Path file = fetchTrusting(unknownFile());
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(CONTENT));
        Files.delete(file);
        server.change(bytes(2000, 2));
        assertThatThrownBy(() -> fetchTrusting(unknownFile()))
                .hasMessageContaining("expected " + FileHashes.sha256(CONTENT));
        assertThat(files(folder)).containsExactly(FILE + ".sha256");
    }

    @Test
    void onceTrustedAFileNeedsNoSecondChoice() {
        fetchTrusting(unknownFile());
        assertThat(fetchKnown(unknownFile())).hasBinaryContent(CONTENT);
    }

    @Test
    void aFilePlacedByHandIsRecordedToo() throws IOException {
        Files.write(folder.resolve(FILE), CONTENT);
        fetchTrusting(unknownFile());
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(CONTENT));
    }

    @Test
    void aPublishedMd5IsCheckedThoughItDoesNotMakeTheFileTrusted() {
        CatalogueEntry wrong = withMd5("0".repeat(32));
        assertThatThrownBy(() -> fetchKnown(wrong))
                .hasMessageContaining("not trusted on first use");
        assertThatThrownBy(() -> fetchTrusting(wrong)).hasMessageContaining("MD5 is ");
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
        assertThatThrownBy(() -> fetchTrusting(unknownFile()))
                .hasMessageContaining("does not send the file's length");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void aDamagedRecordIsNotReadAsAChecksum() throws IOException {
        Files.writeString(folder.resolve(FILE + ".sha256"), "oops");
        assertThatThrownBy(() -> fetchTrusting(unknownFile())).hasMessageContaining("holds 'oops'");
    }
}
