package org.deepcovid.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Locks that keep other runs from writing the same outputs until this one ends. */
final class OutputClaims implements AutoCloseable {

    private final Map<Path, FileChannel> claims = new HashMap<>();

    /**
     * Claims a file or folder, which need not exist.
     *
     * @return false if another run is writing it
     * @throws IOException if no lock can be made
     */
    boolean add(Path output) throws IOException {
        Path path = real(output.toAbsolutePath().normalize());
        if (claims.containsKey(path)) {
            return true;
        }
        Files.createDirectories(ResumableSubcommand.folder());
        FileChannel claim =
                FileChannel.open(lock(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isTaken(claim)) {
            claim.close();
            return false;
        }
        claims.put(path, claim);
        return true;
    }

    /** Without links, so that one place has one name. */
    private static Path real(Path output) throws IOException {
        Path parent = output.getParent();
        return parent == null || !Files.exists(parent)
                ? output
                : parent.toRealPath().resolve(output.getFileName());
    }

    private static boolean isTaken(FileChannel claim) throws IOException {
        try {
            return claim.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // by this process
        }
    }

    private static Path lock(Path output) {
        return ResumableSubcommand.folder()
                .resolve("output-" + ResumableSubcommand.hash(output.toString()) + ".lock");
    }

    @Override
    public void close() throws IOException {
        for (Map.Entry<Path, FileChannel> claim : claims.entrySet()) {
            Files.deleteIfExists(lock(claim.getKey()));
            claim.getValue().close();
        }
        claims.clear();
    }
}
