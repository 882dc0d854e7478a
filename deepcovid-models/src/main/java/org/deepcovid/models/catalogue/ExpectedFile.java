package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.StringJoiner;
import org.deepcovid.core.io.FileHashes;

/**
 * What is known about a file beforehand.
 *
 * @param known some of {@code size}, {@code SHA-256} and {@code MD5}, in this order
 * @param maxSize limits what is written
 */
record ExpectedFile(String name, Map<String, String> known, long maxSize) {

    static final String SIZE = "size";
    static final String SHA_256 = "SHA-256";
    static final String MD5 = "MD5";

    /** What differs between a file and the expectation; empty for the expected file. */
    String problems(Path file) throws IOException {
        StringJoiner problems = new StringJoiner("; ");
        for (Map.Entry<String, String> entry : known.entrySet()) {
            String what = entry.getKey();
            String found = what.equals(SIZE) ? Long.toString(Files.size(file)) : digest(file, what);
            if (!found.equals(entry.getValue())) {
                problems.add("%s is %s, expected %s".formatted(what, found, entry.getValue()));
            }
        }
        return problems.toString();
    }

    static String digest(Path file, String algorithm) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return FileHashes.hex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return known.isEmpty() ? "a file of unknown checksum" : known.toString();
    }
}
