package org.deepcovid.models.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deepcovid.core.io.FileHashes;

/** The bytes of a weights file, read once, so that the checksum is that of the parsed bytes. */
final class FileBytes {

    /** Far above any file of these networks, so that a wrong path does not fill the heap. */
    static final long MAX_SIZE = 1L << 30;

    private final Path path;
    private final byte[] content;

    private FileBytes(Path path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    Path path() {
        return path;
    }

    /** The whole content; not to be changed. */
    byte[] content() {
        return content;
    }

    /** Bytes that are in memory already, such as a resource's. */
    static FileBytes of(Path name, byte[] content) {
        return new FileBytes(name, content);
    }

    static FileBytes read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new WeightsException(
                    "%s is %s; expected a weights file (.h5, .keras or .safetensors)"
                            .formatted(path, Files.exists(path) ? "not a file" : "absent"));
        }
        try (InputStream in = Files.newInputStream(path)) {
            long size = Files.size(path);
            if (size > MAX_SIZE) {
                throw new WeightsException(
                        "%s has %d bytes; expected at most %d: no weights of these networks are larger"
                                .formatted(path, size, MAX_SIZE));
            }
            return new FileBytes(path, in.readNBytes((int) MAX_SIZE));
        } catch (IOException e) {
            throw new WeightsException("%s cannot be read: %s".formatted(path, e), e);
        }
    }

    String sha256() {
        return FileHashes.sha256(content);
    }

    /** Whether the first bytes are the characters of a text in ISO 8859-1. */
    boolean startsWith(String text) {
        int end = Math.min(content.length, text.length());
        return new String(content, 0, end, StandardCharsets.ISO_8859_1).equals(text);
    }
}
