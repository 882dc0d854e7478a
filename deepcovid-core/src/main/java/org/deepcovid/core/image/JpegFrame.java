package org.deepcovid.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the headers of a JPEG file say about its single scan of 8-bit components, Huffman-coded one
 * block after the other (ITU-T T.81, annex B.2).
 */
final class JpegFrame {

    private static final int DHT = 0xC4;
    private static final int DQT = 0xDB;
    private static final int DRI = 0xDD;
    private static final int LAST_APP = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int SHORTEST_APP0 = 14; // of JFIF, without thumbnail
    private static final int SEGMENT_HEAD = 4; // marker and length
    private static final int MOST_TABLES = 4;
    private static final int LONGEST_VALUE = 15; // bits

    /** The factors of a block's coefficients, in the order of the file. */
    static final class Steps {

        private final float[] factors = new float[CosineBlock.SIZE];

        float at(int index) {
            return factors[index];
        }
    }

    /** A component: blocks in each direction in a unit of the scan, factors, codes. */
    record Component(int across, int down, Steps steps, JpegCode constant, JpegCode waves) {}

    private final byte[] bytes;
    private final Steps[] steps = new Steps[MOST_TABLES];
    private final JpegCode[] constants = new JpegCode[MOST_TABLES];
    private final JpegCode[] waves = new JpegCode[MOST_TABLES];
    private final List<Component> components = new ArrayList<>();
    private JpegStructure.Segment frame;
    private int restartInterval;
    private int dataStart;
    private int end = 2; // of the segment before; at first of the marker that begins a file

    private JpegFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Empty if the file is of another kind, or its headers contradict each other. */
    static Optional<JpegFrame> of(byte[] bytes, JpegStructure structure) {
        JpegFrame frame = new JpegFrame(bytes);
        try {
            boolean known = structure.segments().stream().allMatch(frame::read);
            return known && !frame.components.isEmpty() ? Optional.of(frame) : Optional.empty();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty(); // the decoder for all kinds of files tells what is wrong
        }
    }

    List<Component> components() {
        return List.copyOf(components);
    }

    /** Units of the scan between two restart markers; 0 if there are none. */
    int restartInterval() {
        return restartInterval;
    }

    /** Offset of the coded data. */
    int dataStart() {
        return dataStart;
    }

    private boolean read(JpegStructure.Segment segment) {
        boolean follows = segment.start() - SEGMENT_HEAD == end; // no stray bytes in between
        end = segment.end();
        return follows && readContent(segment);
    }

    private boolean readContent(JpegStructure.Segment segment) {
        int marker = segment.marker();
        switch (marker) {
            case DQT -> {
                return readSteps(segment);
            }
            case DHT -> {
                return readCodes(segment);
            }
            case DRI -> {
                restartInterval = word(segment.start());
                return length(segment) == 2;
            }
            case JpegStructure.SOS -> {
                return readScan(segment);
            }
            case JpegStructure.APP0 -> {
                return length(segment) >= SHORTEST_APP0;
            }
            default -> {
                if (marker == 0xC0 || marker == 0xC1) {
                    frame = segment;
                    return true;
                }
                return marker == COMMENT || (marker > JpegStructure.APP0 && marker <= LAST_APP);
            }
        }
    }

    private static int length(JpegStructure.Segment segment) {
        return segment.end() - segment.start();
    }

    private boolean readSteps(JpegStructure.Segment segment) {
        int at = segment.start();
        while (at < segment.end()) {
            int bytesPerStep = isFirstOfTwo(at(at) >> 4) ? 1 : 2;
            int table = at(at) & 0xF;
            at++;
            steps[table] = new Steps();
            for (int i = 0; i < CosineBlock.SIZE; i++, at += bytesPerStep) {
                steps[table].factors[i] = bytesPerStep == 1 ? at(at) : word(at);
            }
        }
        return at == segment.end();
    }

    private boolean readCodes(JpegStructure.Segment segment) {
        int at = segment.start();
        while (at < segment.end()) {
            boolean constant = isFirstOfTwo(at(at) >> 4);
            int table = at(at) & 0xF;
            at++;
            int[] counts = new int[16];
            int symbols = 0;
            for (int i = 0; i < counts.length; i++) {
                counts[i] = at(at++);
                symbols += counts[i];
            }
            byte[] values = new byte[symbols];
            System.arraycopy(bytes, at, values, 0, symbols);
            at += symbols;
            if (constant && hasLongValue(values)) {
                return false;
            }
            (constant ? constants : waves)[table] = new JpegCode(counts, values);
        }
        return at == segment.end();
    }

    private static boolean hasLongValue(byte[] lengths) {
        for (byte length : lengths) {
            if (length < 0 || length > LONGEST_VALUE) {
                return true;
            }
        }
        return false;
    }

    /** Of the scan that holds all components in full. */
    private boolean readScan(JpegStructure.Segment scan) {
        if (frame == null) {
            return false;
        }
        int count = at(frame.start() + 5);
        int last = scan.start() + 1 + 2 * count; // which coefficients, and how precisely
        boolean all =
                at(scan.start()) == count && at(last) == 0 && at(last + 1) == CosineBlock.SIZE - 1;
        boolean exact = length(frame) == 6 + 3 * count && length(scan) == 4 + 2 * count;
        if (!all || !exact || at(last + 2) != 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!addComponent(frame.start() + 6 + 3 * i, scan.start() + 1 + 2 * i)) {
                return false;
            }
        }
        dataStart = scan.end();
        return true;
    }

    private boolean addComponent(int inFrame, int inScan) {
        Component component =
                new Component(
                        at(inFrame + 1) >> 4,
                        at(inFrame + 1) & 0xF,
                        steps[at(inFrame + 2)],
                        constants[at(inScan + 1) >> 4],
                        waves[at(inScan + 1) & 0xF]);
        components.add(component);
        return at(inFrame) == at(inScan)
                && isFactor(component.across)
                && isFactor(component.down)
                && component.steps != null
                && component.constant != null
                && component.waves != null;
    }

    private static boolean isFactor(int sampling) {
        return sampling >= 1 && sampling <= 4;
    }

    private static boolean isFirstOfTwo(int choice) {
        if (choice > 1) {
            throw new IllegalArgumentException("0 or 1 expected, not " + choice);
        }
        return choice == 0;
    }

    private int word(int at) {
        return at(at) << 8 | at(at + 1);
    }

    private int at(int at) {
        return bytes[at] & 0xFF;
    }
}
