package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a data set and its pixel data are encoded (PS3.5, annex A; PS3.6, table A-1).
 *
 * @param name of the standard
 * @param explicit whether elements carry their value representation
 */
record TransferSyntax(
        String name, boolean explicit, boolean bigEndian, boolean deflated, PixelCoding coding) {

    /** How pixel data are encoded. */
    enum PixelCoding {
        NATIVE,
        RLE,
        /** JPEG or JPEG 2000; the data themselves say which. */
        JPEG,
        REFUSED
    }

    static final TransferSyntax IMPLICIT =
            new TransferSyntax(
                    "Implicit VR Little Endian", false, false, false, PixelCoding.NATIVE);
    static final TransferSyntax EXPLICIT =
            new TransferSyntax("Explicit VR Little Endian", true, false, false, PixelCoding.NATIVE);

    private static final String ROOT = "1.2.840.10008.1.2";

    /** The processes of T.81, also the retired ones; the JPEG data say which it is. */
    private static final Pattern JPEG_UID =
            Pattern.compile(Pattern.quote(ROOT) + "\\.4\\.(5\\d|6\\d|70)");

    /** Families of refused syntaxes: the beginning of the UID after the root, and the name. */
    private static final List<List<String>> REFUSED =
            List.of(
                    List.of(".4.80", "JPEG-LS"),
                    List.of(".4.81", "JPEG-LS"),
                    List.of(".4.92", "JPEG 2000 Part 2"),
                    List.of(".4.93", "JPEG 2000 Part 2"),
                    List.of(".4.94", "JPIP (pixels on a server)"),
                    List.of(".4.95", "JPIP (pixels on a server)"),
                    List.of(".4.11", "JPEG XL"),
                    List.of(".4.10", "video"),
                    List.of(".7", "video"),
                    List.of(".4.201", "High-Throughput JPEG 2000 (HTJ2K)"),
                    List.of(".4.202", "High-Throughput JPEG 2000 (HTJ2K)"),
                    List.of(".4.203", "High-Throughput JPEG 2000 (HTJ2K)"),
                    List.of(".4.20", "JPIP (pixels on a server)"),
                    List.of(".8", "deflated frames"));

    static TransferSyntax of(String uid) {
        return switch (uid) {
            case ROOT -> IMPLICIT;
            case ROOT + ".1" -> EXPLICIT;
            case ROOT + ".1.99" ->
                    new TransferSyntax(
                            "Deflated Explicit VR Little Endian",
                            true,
                            false,
                            true,
                            PixelCoding.NATIVE);
            case ROOT + ".2" ->
                    new TransferSyntax(
                            "Explicit VR Big Endian", true, true, false, PixelCoding.NATIVE);
            case ROOT + ".5" -> encapsulated("RLE Lossless", PixelCoding.RLE);
            case ROOT + ".4.90", ROOT + ".4.91" -> encapsulated("JPEG 2000", PixelCoding.JPEG);
            default ->
                    JPEG_UID.matcher(uid).matches()
                            ? encapsulated("JPEG", PixelCoding.JPEG)
                            : encapsulated(refusedName(uid), PixelCoding.REFUSED);
        };
    }

    private static TransferSyntax encapsulated(String name, PixelCoding coding) {
        return new TransferSyntax(name, true, false, false, coding);
    }

    private static String refusedName(String uid) {
        return REFUSED.stream()
                .filter(family -> uid.startsWith(ROOT + family.get(0)))
                .map(family -> family.get(1) + " (transfer syntax " + printable(uid) + ")")
                .findFirst()
                .orElse("an unknown coding (transfer syntax " + printable(uid) + ")");
    }

    private static String printable(String uid) {
        return uid.replaceAll("[^0-9.]", "?");
    }

    void requireReadable() throws IOException {
        if (coding == PixelCoding.REFUSED) {
            throw new IOException(
                    "its pixels are compressed as %s; expected none, RLE, JPEG or JPEG 2000 (convert the file, with dcmtk or gdcmconv)"
                            .formatted(name));
        }
    }
}
