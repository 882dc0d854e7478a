package org.deepcovid.core.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.image.dicom.DicomImage;

/**
 * A kind of file, recognised by its first bytes; the file name is ignored.
 *
 * @param description completes the sentence "it is ..."
 * @param isImage whether such files are images
 * @param decoder empty if files of this kind are not decoded
 * @param signatures possible first bytes, one Latin-1 character per byte
 */
record FileKind(
        String description,
        boolean isImage,
        Optional<ImageFormat> decoder,
        List<String> signatures) {

    private static final List<FileKind> BY_SIGNATURE =
            List.of(
                    image("a PNG image", new PngFormat(), "\u0089PNG\r\n\u001a\n"),
                    image("a JPEG image", new JpegFormat(), "\u00ff\u00d8\u00ff"),
                    image("a TIFF image", new TiffFormat(), "II*\0", "MM\0*"),
                    image("a BMP image", new BmpFormat(), "BM"),
                    notDecoded("a GIF image", "GIF87a", "GIF89a"),
                    notDecoded("a BigTIFF file", "II+\0", "MM\0+"),
                    notDecoded("a JPEG 2000 file", "\0\0\0\fjP  ", "\u00ffO\u00ffQ"),
                    notDecoded("a JPEG XL file", "\0\0\0\fJXL ", "\u00ff\n"),
                    other("a PDF document", "%PDF"),
                    other("a ZIP archive", "PK\u0003\u0004"),
                    other("a gzip file (NIfTI?)", "\u001f\u008b"),
                    other("a Photoshop document", "8BPS"));
    private static final FileKind DICOM = image("a DICOM file", new DicomFormat());
    private static final FileKind EMPTY = other("empty (0 bytes)");
    private static final FileKind WEBP = notDecoded("a WebP image");
    private static final FileKind HEIF = notDecoded("a HEIF or AVIF image");
    private static final FileKind TEXT = other("text, not an image");
    private static final FileKind UNKNOWN = other("of an unknown kind");

    private static final int TEXT_SAMPLE_BYTES = 512;

    private static FileKind image(String description, ImageFormat decoder, String... signatures) {
        return new FileKind(description, true, Optional.of(decoder), List.of(signatures));
    }

    private static FileKind notDecoded(String description, String... signatures) {
        return new FileKind(description, true, Optional.empty(), List.of(signatures));
    }

    private static FileKind other(String description, String... signatures) {
        return new FileKind(description, false, Optional.empty(), List.of(signatures));
    }

    /**
     * Recognises the kind of a file.
     *
     * @param bytes the file, or its beginning
     */
    static FileKind of(byte[] bytes) {
        if (bytes.length == 0) {
            return EMPTY;
        }
        if (has(bytes, 128, "DICM")) { // the preamble may look like another format
            return DICOM;
        }
        if (has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP")) {
            return WEBP;
        }
        if (has(bytes, 4, "ftyp")) {
            return HEIF;
        }
        for (FileKind kind : BY_SIGNATURE) {
            if (kind.signatures.stream().anyMatch(signature -> has(bytes, 0, signature))) {
                return kind;
            }
        }
        if (DicomImage.isDicom(bytes)) {
            return DICOM;
        }
        return isText(bytes) ? TEXT : UNKNOWN;
    }

    private static boolean has(byte[] bytes, int at, String signature) {
        byte[] expected = signature.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length >= at + expected.length
                && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    private static boolean isText(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, TEXT_SAMPLE_BYTES); i++) {
            int b = bytes[i] & 0xFF;
            boolean control = b < ' ' || b == 0x7F;
            if (control && b != '\t' && b != '\n' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /**
     * The decoder.
     *
     * @throws IOException naming the kind of file, if it is not decoded
     */
    ImageFormat format() throws IOException {
        return decoder.orElseThrow(
                () ->
                        new IOException(
                                "it is %s; expected a PNG, JPEG, BMP, TIFF or DICOM image%s"
                                        .formatted(
                                                description,
                                                equals(EMPTY) || equals(TEXT)
                                                        ? ""
                                                        : " (convert it to PNG)")));
    }
}
