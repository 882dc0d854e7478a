package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What has arrived of a file, under another name, and which version of the file it is a part of.
 * Without a known version nothing is ever resumed.
 */
final class PartialFile {

    private static final String ADDRESS = "address";
    private static final String VERSION = "version";

    private final Path data;
    private final Path about;

    PartialFile(Path target) {
        this.data = target.resolveSibling(target.getFileName() + ".part");
        this.about = target.resolveSibling(target.getFileName() + ".part.properties");
    }

    Path path() {
        return data;
    }

    long length() throws IOException {
        return Files.exists(data) ? Files.size(data) : 0;
    }

    /** The version that the bytes belong to, if they are worth resuming from this address. */
    Optional<String> version(String address) throws IOException {
        if (length() == 0 || !Files.exists(about)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(about)) {
            properties.load(in);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // damaged: start anew
        }
        return Optional.ofNullable(properties.getProperty(VERSION))
                .filter(version -> address.equals(properties.getProperty(ADDRESS)));
    }

    /** Opens for a whole file; what was there is forgotten before anything else is written. */
    FileChannel restart(String address, Optional<String> version) throws IOException {
        Files.deleteIfExists(about);
        FileChannel channel =
                FileChannel.open(
                        data,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        if (version.isPresent()) {
            Properties properties = new Properties();
            properties.setProperty(ADDRESS, address);
            properties.setProperty(VERSION, version.get());
            try (OutputStream out = Files.newOutputStream(about)) {
                properties.store(out, null);
            }
        }
        return channel;
    }

    FileChannel append() throws IOException {
        return FileChannel.open(data, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    void discard() throws IOException {
        Files.deleteIfExists(about);
        Files.deleteIfExists(data);
    }

    /** Forgets the version once the bytes have their final name. */
    void forget() throws IOException {
        Files.deleteIfExists(about);
    }
}
