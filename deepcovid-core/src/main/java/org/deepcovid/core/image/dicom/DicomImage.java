package org.deepcovid.core.image.dicom;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * A plain radiograph in a DICOM file. The header is checked when the file is opened; pixels are
 * decoded later. The messages of exceptions name elements, never the patient.
 */
public final class DicomImage implements AutoCloseable {

    /** Computed, digital and conventional radiography. */
    private static final Set<String> MODALITIES = Set.of("CR", "DX", "RG");

    private static final String SOP_CLASSES = "1.2.840.10008.5.1.4.1.1.";
    private static final String DICOMDIR = "1.2.840.10008.1.3.10";

    /** CR, DX and secondary capture; decide if the modality is missing. */
    private static final Set<String> RADIOGRAPHS =
            Set.of(
                    "",
                    SOP_CLASSES + "1",
                    SOP_CLASSES + "1.1",
                    SOP_CLASSES + "1.1.1",
                    SOP_CLASSES + "7");

    private final DicomInput file;
    private final DicomParser.Header header;
    private final DataSet data;
    private final PixelLayout layout;

    private DicomImage(DicomInput file, DicomParser.Header header) throws IOException {
        this.file = file;
        this.header = header;
        this.data = header.data();
        this.layout = PixelLayout.of(data);
    }

    /**
     * Recognises DICOM files, also those without the preamble.
     *
     * @param start the file, or its first 132 bytes
     */
    public static boolean isDicom(byte[] start) {
        return DicomParser.recognises(start);
    }

    /**
     * Reads the header.
     *
     * @param file the whole content; not copied
     * @throws IOException if it is damaged, is no plain radiograph with one frame, or is compressed
     *     in a way that is not read; the message is shown to users
     */
    public static DicomImage of(byte[] file) throws IOException {
        DicomInput in = DicomInput.of(file);
        try {
            return of(in, DicomParser.parse(in));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static DicomImage of(DicomInput file, DicomParser.Header header) throws IOException {
        requireRadiograph(header.data());
        if (header.pixels().isEmpty()) {
            throw new IOException("it has no %s; expected a radiograph".formatted(Tag.PIXEL_DATA));
        }
        header.syntax().requireReadable();
        return new DicomImage(file, header);
    }

    /** See {@link DicomMetadata#flags()}. */
    public List<String> flags() {
        return new DicomMetadata(data).flags();
    }

    static boolean isDirectory(DataSet data) {
        return data.text(Tag.MEDIA_STORAGE_SOP_CLASS_UID).equals(DICOMDIR);
    }

    private static void requireRadiograph(DataSet data) throws IOException {
        String sopClass = data.text(Tag.SOP_CLASS_UID);
        if (isDirectory(data)) {
            throw new IOException("it is a DICOMDIR, the index of a folder; expected a radiograph");
        }
        if (sopClass.startsWith(SOP_CLASSES + "11.")) {
            throw new IOException(
                    "it is a presentation state, not an image; expected a radiograph");
        }
        String modality = data.text(Tag.MODALITY);
        boolean radiograph =
                modality.isEmpty() ? RADIOGRAPHS.contains(sopClass) : MODALITIES.contains(modality);
        if (!radiograph) {
            throw new IOException(
                    "its %s is '%s' (%s %s); expected a plain radiograph: CR, DX or RG"
                            .formatted(Tag.MODALITY, modality, Tag.SOP_CLASS_UID, sopClass));
        }
        double frames = data.decimal(Tag.NUMBER_OF_FRAMES).orElse(1);
        if (frames != 1) {
            throw new IOException(
                    "its %s is %.0f; expected a radiograph with one frame"
                            .formatted(Tag.NUMBER_OF_FRAMES, frames));
        }
    }

    /**
     * Width.
     *
     * @return in pixels, as the header says
     */
    public int width() {
        return layout.columns();
    }

    /**
     * Height.
     *
     * @return in pixels, as the header says
     */
    public int height() {
        return layout.rows();
    }

    /**
     * Channels of the decoded image.
     *
     * @return 1 for grey, 3 for red, green, blue
     */
    public int channels() {
        return layout.photometric().channels();
    }

    /**
     * Decodes the pixels; can be called once, since the file is read in order.
     *
     * @param jpeg decoder of JPEG data
     * @return row by row from the top, channels interleaved
     * @throws IOException if the pixel data are damaged or too short
     */
    public byte[] decode(JpegReader jpeg) throws IOException {
        return switch (header.syntax().coding()) {
            case NATIVE -> toLevels(nativeSamples(), layout.photometric().isLumaChroma());
            case RLE ->
                    toLevels(
                            RunLengths.decode(frame(), layout),
                            layout.photometric().isLumaChroma());
            case JPEG, REFUSED -> toLevels(frame(), jpeg);
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private short[] nativeSamples() throws IOException {
        DicomParser.Head pixels = header.pixels().orElseThrow();
        if (pixels.isUndefined() || pixels.length() < layout.nativeBytes()) {
            throw new IOException(
                    "its %s has %s bytes; expected %d for %d x %d pixels"
                            .formatted(
                                    Tag.PIXEL_DATA,
                                    pixels.isUndefined() ? "no number of" : pixels.length(),
                                    layout.nativeBytes(),
                                    width(),
                                    height()));
        }
        boolean bigEndian = header.in().isBigEndian();
        boolean swapped = bigEndian && layout.bitsAllocated() == 8 && pixels.vr().equals("OW");
        long padding = swapped ? layout.nativeBytes() % 2 : 0;
        DicomInput in = header.in();
        byte[] bytes = in.read(layout.nativeBytes() + padding, Tag.PIXEL_DATA.code());
        in.skip(Math.max(0, pixels.length() - bytes.length), Tag.PIXEL_DATA.code());
        if (header.syntax().deflated()) {
            header.parser().skipElements();
        }
        return layout.samples(
                swapped ? swapped(bytes) : bytes,
                bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes in words of 16 bits, each with its high byte first. */
    private byte[] swapped(byte[] words) {
        byte[] bytes = new byte[(int) layout.nativeBytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = words[i ^ 1];
        }
        return bytes;
    }

    private byte[] frame() throws IOException {
        if (!header.pixels().orElseThrow().isUndefined()) {
            throw new IOException(
                    "its %s has a length; expected fragments, since it is compressed as %s"
                            .formatted(Tag.PIXEL_DATA, header.syntax().name()));
        }
        return Fragments.joined(header.in());
    }

    private byte[] toLevels(byte[] frame, JpegReader jpeg) throws IOException {
        boolean lumaChroma = layout.photometric().isLumaChroma();
        if (Jpeg2000.recognises(frame)) {
            return toLevels(samples(Jpeg2000.decode(frame, layout)), lumaChroma);
        }
        boolean start = frame.length > 2 && frame[0] == (byte) 0xFF && frame[1] == (byte) 0xD8;
        if (!start) {
            throw new IOException(
                    "its %s are neither JPEG nor JPEG 2000; expected %s"
                            .formatted(Tag.PIXEL_DATA, header.syntax().name()));
        }
        return toLevels(samples(jpeg.read(frame, width(), height(), lumaChroma)), false);
    }

    private short[] samples(Raster raster) throws IOException {
        int samples = layout.photometric().samples();
        if (raster.getNumBands() != samples) {
            throw new IOException(
                    "its compressed image has %d samples per pixel; the header says %d"
                            .formatted(raster.getNumBands(), samples));
        }
        short[] all = new short[layout.pixels() * samples];
        int[] row = new int[width() * samples];
        for (int y = 0; y < height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width(), 1, row);
            for (int i = 0; i < row.length; i++) {
                all[y * row.length + i] = (short) row[i];
            }
        }
        return all;
    }

    private byte[] toLevels(short[] samples, boolean lumaChroma) throws IOException {
        if (layout.photometric() == PixelLayout.Photometric.PALETTE_COLOR) {
            return Colours.ofPalette(samples, data, layout);
        }
        if (layout.photometric().samples() == 3) {
            return lumaChroma
                    ? Colours.ofLumaChroma(samples, layout)
                    : Colours.ofRgb(samples, layout);
        }
        byte[] levels = GreyLevels.of(data, layout);
        byte[] grey = new byte[samples.length];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = levels[layout.stored(samples[i])];
        }
        return grey;
    }
}
