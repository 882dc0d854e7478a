package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.deepcovid.core.io.FileHashes;
import org.junit.jupiter.api.Test;

/** Files whose SHA-256 is not known beforehand. */
final class TrustTest extends ServerTest {

    TrustTest() {
        super(2000);
    }

    private WeightsCache trusting() {
        return CacheFixture.cache(settings().withTrust(CacheSettings.Trust.FIRST_USE));
    }

    private Path fetchTrusting() {
        return trusting().fetch(unknown(), WeightsCache.DownloadListener.NONE);
    }

    @Test
    void anUnknownChecksumNeedsAnExplicitChoice() {
        refused(unknown(), "not trusted on first use", "DEEPCOVID_TRUST_FIRST_USE");
        assertThat(server.requests()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void theFirstChecksumIsRecordedAndHolds() throws IOException {
        Path file = fetchTrusting();
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(content));
        Files.delete(file);
        server.change(CacheFixture.bytes(2000, 2));
        refused(trusting(), unknown(), "expected " + FileHashes.sha256(content));
        assertThat(files()).containsExactly(FILE + ".sha256");
    }

    @Test
    void onceTrustedAFileNeedsNoSecondChoice() {
        fetchTrusting();
        assertThat(fetch(unknown())).hasBinaryContent(content);
    }

    @Test
    void aFilePlacedByHandIsRecordedToo() throws IOException {
        Files.write(folder.resolve(FILE), content);
        fetchTrusting();
        assertThat(folder.resolve(FILE + ".sha256")).hasContent(FileHashes.sha256(content));
    }

    @Test
    void aPublishedMd5IsCheckedThoughItDoesNotMakeTheFileTrusted() {
        CatalogueEntry wrong =
                CacheFixture.entry(
                        Optional.of(server.address()),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.of("0".repeat(32)));
        refused(wrong, "not trusted on first use");
        refused(trusting(), wrong, "MD5 is ");
    }

    @Test
    void aLengthThatNobodyKnowsIsRefused() {
        server.then(FaultyServer.unannounced(content));
        refused(trusting(), unknown(), "does not send the file's length");
    }

    @Test
    void aDamagedRecordIsNotReadAsAChecksum() throws IOException {
        Files.writeString(folder.resolve(FILE + ".sha256"), "oops");
        refused(trusting(), unknown(), "holds 'oops'");
    }
}
