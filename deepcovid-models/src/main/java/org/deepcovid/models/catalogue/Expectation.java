package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a file before it comes.
 *
 * @param size bytes
 * @param sha256 of the catalogue or, failing that, recorded when the file was first accepted
 * @param md5 of the catalogue
 * @param largest bytes that may be written
 */
record Expectation(OptionalLong size, Optional<String> sha256, Optional<String> md5, long largest) {

    static Expectation of(CatalogueEntry entry, Optional<String> recorded, long largestUnknown) {
        return new Expectation(
                entry.size(),
                entry.sha256().or(() -> recorded),
                entry.md5(),
                entry.size().orElse(largestUnknown));
    }

    /** Whether a file that ends early would be noticed without the server's help. */
    boolean noticesTruncation() {
        return size.isPresent() || sha256.isPresent() || md5.isPresent();
    }

    /** What is wrong with a file; empty if nothing is. */
    List<String> problems(Path file) throws IOException {
        List<String> problems = new ArrayList<>();
        long length = Files.size(file);
        size.ifPresent(expected -> compare("size", length, expected, problems));
        if (sha256.isPresent()) {
            compare("SHA-256", digest(file, "SHA-256"), sha256.get(), problems);
        }
        if (md5.isPresent()) {
            compare("MD5", digest(file, "MD5"), md5.get(), problems);
        }
        return problems;
    }

    private static void compare(String what, Object found, Object expected, List<String> problems) {
        if (!found.equals(expected)) {
            problems.add("%s is %s, expected %s".formatted(what, found, expected));
        }
    }

    static String digest(Path file, String algorithm) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        List<String> known = new ArrayList<>();
        size.ifPresent(bytes -> known.add(bytes + " bytes"));
        sha256.ifPresent(hex -> known.add("SHA-256 " + hex));
        md5.ifPresent(hex -> known.add("MD5 " + hex));
        return known.isEmpty() ? "a file of unknown checksum" : String.join(", ", known);
    }
}
