package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.models.weights.WeightsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** An empty cache, and a server with one file of random bytes. */
abstract class ServerTest {

    static final String FILE = CacheFixture.FILE;

    final byte[] content;
    final FaultyServer server;
    @TempDir Path folder;

    ServerTest(int length) {
        content = CacheFixture.bytes(length, 1);
        server = new FaultyServer(content);
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    CacheSettings settings() {
        return CacheFixture.settings(folder);
    }

    /** An entry with the file's size and checksum. */
    CatalogueEntry known() {
        return CacheFixture.entry(server.address(), content);
    }

    /** An entry with nothing but the address. */
    CatalogueEntry unknown() {
        return CacheFixture.unknown(server.address());
    }

    Path fetch(CatalogueEntry entry) {
        return CacheFixture.fetch(settings(), entry);
    }

    List<String> files() {
        return CacheFixture.files(folder);
    }

    void assertHoldsTheFile() {
        assertThat(files()).containsExactly(FILE);
        assertThat(folder.resolve(FILE)).hasBinaryContent(content);
    }

    void refused(CatalogueEntry entry, String... texts) {
        refused(CacheFixture.cache(settings()), entry, texts);
    }

    /** Asserts that fetching fails and adds no file. */
    void refused(WeightsCache cache, CatalogueEntry entry, String... texts) {
        List<String> allowed = new ArrayList<>(files());
        allowed.add(FILE + ".rejected");
        assertThatThrownBy(() -> cache.fetch(entry, WeightsCache.DownloadListener.NONE))
                .isInstanceOf(WeightsException.class)
                .hasMessageContainingAll(texts);
        assertThat(files()).isSubsetOf(allowed);
    }
}
