package org.deepcovid.models.catalogue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The second process of {@link TwoProcessesTest}: fetches one file. */
final class FetchMain {

    private FetchMain() {}

    /** Takes folder, address, size, SHA-256, and a file to make when about to fetch. */
    public static void main(String[] args) throws Exception {
        CatalogueEntry entry =
                CacheFixture.entry(
                        Optional.of(URI.create(args[1])),
                        OptionalLong.of(Long.parseLong(args[2])),
                        Optional.of(args[3]),
                        Optional.empty());
        Files.createFile(Path.of(args[4]));
        CacheFixture.fetch(CacheFixture.settings(Path.of(args[0])), entry);
    }
}
