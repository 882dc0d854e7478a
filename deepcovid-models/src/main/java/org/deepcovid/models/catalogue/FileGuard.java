package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time work on a file; others wait. A file lock alone does not
 * do: within one JVM it throws instead of waiting.
 */
final class FileGuard {

    /** What to do while nobody else works on the file. */
    @FunctionalInterface
    interface Work {
        Path run() throws IOException;
    }

    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private FileGuard() {}

    /** Waits for the file. The lock file stays: deleting it would let two others in at once. */
    static Path holding(Path target, Work work) throws IOException {
        Path file = target.resolveSibling(target.getFileName() + ".lock");
        ReentrantLock threads =
                LOCKS.computeIfAbsent(
                        file.toAbsolutePath().normalize(), path -> new ReentrantLock());
        threads.lock();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock processes = channel.lock();
            try {
                return work.run();
            } finally {
                processes.release();
            }
        } finally {
            threads.unlock();
        }
    }
}
