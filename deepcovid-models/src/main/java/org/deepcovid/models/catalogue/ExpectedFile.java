package org.deepcovid.models.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of a file before it arrives; {@code maxSize} limits what may be written. */
record ExpectedFile(
        OptionalLong size, Optional<String> sha256, Optional<String> md5, long maxSize) {

    boolean detectsTruncation() {
        return size.isPresent() || sha256.isPresent() || md5.isPresent();
    }

    /** What differs between a file and the expectation; empty for the expected file. */
    List<String> problems(Path file) throws IOException {
        List<String> problems = new ArrayList<>();
        long length = Files.size(file);
        if (length != size.orElse(length)) {
            problems.add("size is %d, expected %d".formatted(length, size.getAsLong()));
        }
        checkDigest(file, "SHA-256", sha256, problems);
        checkDigest(file, "MD5", md5, problems);
        return problems;
    }

    private static void checkDigest(
            Path file, String algorithm, Optional<String> expected, List<String> problems)
            throws IOException {
        String found = expected.isPresent() ? digest(file, algorithm) : "";
        if (expected.isPresent() && !expected.get().equals(found)) {
            problems.add("%s is %s, expected %s".formatted(algorithm, found, expected.get()));
        }
    }

    static String digest(Path file, String algorithm) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
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
