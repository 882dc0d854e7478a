package org.deepcovid.core.image.dicom;

import static java.util.stream.Collectors.groupingBy;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageReader;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.MsgLogger;

/**
 * JPEG 2000 (ITU-T T.800). The library decodes what it finds, so truncated data and sizes that
 * differ from the data set's are detected here.
 */
final class Jpeg2000 {

    private static final int START = 0xFF4F;
    private static final int SIZE = 0xFF51;
    private static final int TILE_PART = 0xFF90;
    private static final int PACKET = 0xFF91;
    private static final int PACKET_HEADER_END = 0xFF92;
    private static final int DATA = 0xFF93;
    private static final int PACKED_HEADERS = 0xFF60; // PPM; PPT is the next
    private static final int END = 0xFFD9;
    private static final int HIGH_THROUGHPUT = 0x4000;
    private static final int MAX_TILES = 65535;
    private static final int LARGEST_IN_DATA = 0xFF8F;
    private static final String DAMAGED = "its JPEG 2000 data are damaged";

    /** Lengths of tiles and packets (TLM, PLM, PLT), registration and comments. */
    private static final Set<Integer> INFORMATIVE = Set.of(0xFF55, 0xFF57, 0xFF58, 0xFF63, 0xFF64);

    private final byte[] bytes;
    private final int start;
    private final List<TilePart> parts = new ArrayList<>();
    private long tiles;

    private record TilePart(int tile, int from, int to) {}

    private Jpeg2000(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
    }

    /** Whether the data are a codestream or a JP2 file. */
    static boolean recognises(byte[] data) {
        Jpeg2000 image = new Jpeg2000(data, 0);
        return data.length > 12
                && (image.isFile() || (image.word(0) == START && image.word(2) == SIZE));
    }

    private boolean isFile() {
        return dword(4) == 0x6A502020; // "jP  "
    }

    /** One band per sample of a pixel. */
    static Raster decode(byte[] data, PixelLayout layout) throws IOException {
        int start = new Jpeg2000(data, 0).isFile() ? codestream(data) : 0;
        Jpeg2000 image = new Jpeg2000(data, start);
        image.check(layout);
        ImageReader reader = new J2KImageReaderSpi().createReaderInstance();
        Warnings warnings = new Warnings();
        FacilityManager.registerMsgLogger(Thread.currentThread(), warnings);
        try (GuardedStream in = image.guarded()) {
            reader.setInput(in, false, true);
            Raster raster = reader.readRaster(0, null);
            if (!warnings.found.isEmpty()) {
                throw new IOException(DAMAGED + ": " + warnings.found.get(0));
            }
            if (!in.isConsumed()) {
                throw new IOException(DAMAGED + ": a tile is longer than its packets");
            }
            return raster;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) { // what the library throws for damage
            throw new IOException(DAMAGED, e);
        } finally {
            FacilityManager.unregisterMsgLogger(Thread.currentThread());
            reader.dispose();
        }
    }

    /**
     * The codestream with a gap after the last part of each tile, with the number of parts and the
     * length of each, which may be 0, and without segments that the library warns of.
     */
    private GuardedStream guarded() throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(copy);
        write(out, 0, 2);
        writeSegments(out, 2, TILE_PART);
        Map<Integer, List<TilePart>> tileParts = parts.stream().collect(groupingBy(TilePart::tile));
        TreeSet<Long> ends = new TreeSet<>();
        for (TilePart part : parts) {
            List<TilePart> ofTile = tileParts.get(part.tile);
            boolean last = part.from == ofTile.get(ofTile.size() - 1).from;
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            int data = writeSegments(new DataOutputStream(rest), part.from + 12, DATA);
            rest.write(bytes, start + data, part.to - data);
            write(out, part.from, part.from + 6);
            out.writeInt(12 + rest.size() + (last ? GuardedStream.GAP : 0));
            out.write(at(part.from + 10));
            out.write(ofTile.size());
            rest.writeTo(out);
            if (last) {
                ends.add((long) out.size());
                out.write(new byte[GuardedStream.GAP]);
            }
        }
        out.writeShort(END);
        return new GuardedStream(copy.toByteArray(), ends);
    }

    /** Up to a marker, whose offset is returned. */
    private int writeSegments(DataOutputStream out, int from, int end) throws IOException {
        int at = from;
        while (word(at) != end) {
            int next = (int) skipSegment(at);
            write(out, at, INFORMATIVE.contains(word(at)) ? at : next);
            at = next;
        }
        return at;
    }

    private void write(DataOutputStream out, int from, int to) throws IOException {
        out.write(bytes, start + from, to - from);
    }

    /** The library prints them otherwise. */
    private static final class Warnings implements MsgLogger {

        private final List<String> found = new ArrayList<>();

        @Override
        public void printmsg(int severity, String message) {
            if (severity >= WARNING) {
                found.add(message.replaceAll("\\s+", " "));
            }
        }

        @Override
        public void println(String message, int firstIndent, int indent) {}

        @Override
        public void flush() {}
    }

    /** Offset of the codestream in a JP2 file (T.800, annex I). */
    private static int codestream(byte[] data) throws IOException {
        Jpeg2000 file = new Jpeg2000(data, 0);
        int at = 0;
        while (at + 8 <= data.length) {
            long length = file.dword(at) & 0xFFFFFFFFL;
            if (file.dword(at + 4) == 0x6A703263) { // "jp2c"
                return at + (length == 1 ? 16 : 8);
            }
            at = (int) Math.min(data.length, at + Math.max(8, length));
        }
        throw new IOException("its JPEG 2000 file has no codestream");
    }

    private void check(PixelLayout layout) throws IOException {
        try {
            checkSize(layout);
            checkTileParts();
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IOException("its JPEG 2000 data are truncated", e);
        }
    }

    private void checkSize(PixelLayout layout) throws IOException {
        if (word(0) != START || word(2) != SIZE) {
            throw new IOException("its JPEG 2000 data do not begin with a size");
        }
        if ((word(6) & HIGH_THROUGHPUT) != 0) {
            throw new IOException(
                    "its pixels are compressed as High-Throughput JPEG 2000 (HTJ2K), which is not"
                            + " read");
        }
        if (size(16) != 0 || size(20) != 0) { // the library moves the image
            throw new IOException(
                    "its JPEG 2000 data have an image offset of %d x %d; expected 0 x 0"
                            .formatted(size(16), size(20)));
        }
        long width = size(8);
        long height = size(12);
        int components = word(40);
        if (width != layout.columns()
                || height != layout.rows()
                || components != layout.photometric().samples()) {
            throw new IOException(
                    "its JPEG 2000 data have %d x %d pixels of %d components; the header says %d x %d of %d"
                            .formatted(
                                    width,
                                    height,
                                    components,
                                    layout.columns(),
                                    layout.rows(),
                                    layout.photometric().samples()));
        }
        for (int c = 0; c < components; c++) {
            int bits = (at(42 + 3 * c) & 0x7F) + 1;
            if (bits > 16 || at(43 + 3 * c) != 1 || at(44 + 3 * c) != 1) {
                throw new IOException(
                        "its JPEG 2000 data have subsampled components or %d bits; expected full ones of at most 16 bits"
                                .formatted(bits));
            }
        }
        long across = tiles(size(8) - size(32), size(24));
        tiles = across * tiles(size(12) - size(36), size(28));
        if (tiles < 1 || tiles > MAX_TILES) {
            throw new IOException("its JPEG 2000 data have %d tiles".formatted(tiles));
        }
    }

    private static long tiles(long length, long tile) {
        return tile == 0 ? 0 : (length + tile - 1) / tile;
    }

    /** Follows the lengths of the tile parts to the end marker. */
    private void checkTileParts() throws IOException {
        long at = 2;
        while (word(at) != TILE_PART) {
            at = skipSegment(at);
        }
        Set<Integer> found = new HashSet<>();
        while (start + at < bytes.length && word(at) == TILE_PART) {
            long from = at;
            long length = size(at + 6);
            long data = at + 12;
            while (word(data) != DATA) {
                data = skipSegment(data);
            }
            at = length == 0 ? end() : at + length;
            if (at < data + 2) {
                throw new IOException(DAMAGED + ": a tile part has %d bytes".formatted(length));
            }
            requireNoMarker(data + 2, Math.min(at, bytes.length - start));
            parts.add(new TilePart(word(from + 4), (int) from, (int) at));
            found.add(word(from + 4));
        }
        if (start + at + 2 > bytes.length || word(at) != END || found.size() < tiles) {
            throw new IOException(
                    "its JPEG 2000 data are truncated: %d of %d tiles and %s end marker"
                            .formatted(
                                    found.size(),
                                    tiles,
                                    start + at + 2 > bytes.length ? "no" : "a misplaced"));
        }
    }

    /**
     * Data hold those of packets only (T.800, A.1.1); the library repeats the bits of 0xFFFF for
     * ever.
     */
    private void requireNoMarker(long from, long to) throws IOException {
        for (long at = from; at + 1 < to; at++) {
            if (word(at) > LARGEST_IN_DATA && word(at) != PACKET && word(at) != PACKET_HEADER_END) {
                throw new IOException(
                        (DAMAGED + ": marker 0x%04x among the data").formatted(word(at)));
            }
        }
    }

    /** Packet headers outside the packets are refused: the library reads past their end. */
    private long skipSegment(long at) throws IOException {
        if ((word(at) & ~1) == PACKED_HEADERS) {
            throw new IOException("its JPEG 2000 data have packed packet headers; expected none");
        }
        return at + 2 + word(at + 2);
    }

    /** Offset of the end marker before a padding byte; beyond the data if there is none. */
    private int end() {
        int last = bytes.length - (bytes[bytes.length - 1] == 0 ? 3 : 2);
        return last - start;
    }

    private int at(long at) {
        return bytes[Math.toIntExact(start + at)] & 0xFF;
    }

    private int word(long at) {
        return at(at) << 8 | at(at + 1);
    }

    private int dword(long at) {
        return word(at) << 16 | word(at + 2);
    }

    private long size(long at) {
        return dword(at) & 0xFFFFFFFFL;
    }
}
