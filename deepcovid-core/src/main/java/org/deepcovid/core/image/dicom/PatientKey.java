package org.deepcovid.core.image.dicom;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.deepcovid.core.io.AtomicFile;

/**
 * Secret that turns a patient's identity into a pseudonym: the first 128 bits of an HMAC-SHA256, so
 * that one patient's files keep together and nobody without the key can test whether a given
 * patient is among them.
 */
public final class PatientKey {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int PSEUDONYM_BYTES = 16;

    private final SecretKeySpec key;

    private PatientKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** A key for one run; the pseudonyms of another run differ. */
    public static PatientKey random() {
        return new PatientKey(randomBytes());
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /**
     * The key in a file, which is made if it is missing, readable by its owner only.
     *
     * @param file 64 hexadecimal digits
     * @throws IllegalArgumentException if the file holds something else
     * @throws UncheckedIOException if the file can be neither read nor made
     */
    public static PatientKey of(Path file) {
        try {
            return new PatientKey(parse(file, Files.readString(file)));
        } catch (NoSuchFileException e) {
            return create(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the patient key " + file + ": " + AtomicFile.reason(e), e);
        }
    }

    private static byte[] parse(Path file, String text) {
        String digits = text.strip();
        if (!digits.matches("[0-9a-fA-F]{%d}".formatted(2 * KEY_BYTES))) {
            throw new IllegalArgumentException(
                    "%s is no patient key; expected %d hexadecimal digits (name a new file to have one made)"
                            .formatted(file, 2 * KEY_BYTES));
        }
        return HexFormat.of().parseHex(digits);
    }

    private static PatientKey create(Path file) {
        byte[] bytes = randomBytes();
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
        try (var out =
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        posix ? owner : new FileAttribute<?>[0])) {
            out.write(UTF_8.encode(HexFormat.of().formatHex(bytes) + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make the patient key " + file + ": " + AtomicFile.reason(e), e);
        }
        return new PatientKey(bytes);
    }

    /** 32 hexadecimal digits. */
    String pseudonym(String identity) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of()
                    .formatHex(mac.doFinal(identity.getBytes(UTF_8)), 0, PSEUDONYM_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java installation has no " + ALGORITHM, e);
        }
    }
}
