package org.deepcovid.core.image;

import java.util.List;
import java.util.Optional;

/**
 * Decodes and resizes a large grey JPEG file in one go, from coefficients to the square. A file of
 * three components is grey if the latter two are zero everywhere, as cameras' and viewers' exports
 * of radiographs are. What is unusual or damaged is left to the decoder for all files.
 */
final class JpegSquare {

    /** How many times the short side must be reduced, for this way to be the faster one. */
    private static final int LEAST_REDUCTION = 3;

    private static final int FIRST_RESTART = 0xD0;
    private static final int LONGEST_CONSTANT = 11;
    private static final int LONGEST_WAVE = 10;
    private static final int ZERO_RUN = 0xF0;

    /** Where the coefficients of the file belong in a block, vertical frequency first. */
    private static final int[] PLACES = zigzag();

    private final JpegBits bits;
    private final BlockResize resize;
    private final JpegFrame.Component luma;
    private final List<JpegFrame.Component> chroma;
    private final int restartInterval;
    private final int unitsAcross;
    private final int unitsDown;
    private final CosineBlock block = new CosineBlock();
    private int lumaConstant;

    private JpegSquare(byte[] bytes, ImageSize size, JpegFrame frame, BlockResize resize) {
        this.bits = new JpegBits(bytes, frame.dataStart());
        this.resize = resize;
        this.restartInterval = frame.restartInterval();
        JpegFrame.Component first = frame.components().get(0);
        chroma = frame.components().subList(1, frame.components().size());
        luma =
                chroma.isEmpty() // then a unit is one block, whatever the header says
                        ? new JpegFrame.Component(
                                1, 1, first.steps(), first.constant(), first.waves())
                        : first;
        unitsAcross = units((int) size.width(), luma.across());
        unitsDown = units((int) size.height(), luma.down());
    }

    private static int units(int side, int blocks) {
        int unit = Cosines.LENGTH * blocks;
        return (side + unit - 1) / unit;
    }

    private static int[] zigzag() {
        int[] places = new int[CosineBlock.SIZE];
        int next = 0;
        for (int diagonal = 0; diagonal < 2 * Cosines.LENGTH - 1; diagonal++) {
            for (int i = 0; i <= diagonal; i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i;
                int column = diagonal - row;
                if (row < Cosines.LENGTH && column < Cosines.LENGTH) {
                    places[next++] = row * Cosines.LENGTH + column;
                }
            }
        }
        return places;
    }

    /** The square that a network wants; empty for a file that must be decoded in full. */
    static Optional<RasterImage> decode(
            byte[] bytes, JpegStructure structure, Preprocessing preprocessing) {
        ImageSize size = structure.size();
        long least = (long) LEAST_REDUCTION * preprocessing.inputSize();
        if (Math.min(size.width(), size.height()) < least || !isUpright(structure)) {
            return Optional.empty();
        }
        return JpegFrame.of(bytes, structure)
                .filter(frame -> isPerhapsGrey(frame, structure))
                .flatMap(frame -> decode(bytes, size, frame, preprocessing));
    }

    private static boolean isUpright(JpegStructure structure) {
        return structure.exif().map(Orientation::of).orElse(Orientation.UPRIGHT)
                == Orientation.UPRIGHT;
    }

    private static Optional<RasterImage> decode(
            byte[] bytes, ImageSize size, JpegFrame frame, Preprocessing preprocessing) {
        int width = (int) size.width();
        int height = (int) size.height();
        BlockResize resize =
                new BlockResize(
                        new BlockFilter(preprocessing.columns(width, height)),
                        new BlockFilter(preprocessing.rows(width, height)),
                        frame.components().get(0).down());
        return new JpegSquare(bytes, size, frame, resize).readAll()
                ? Optional.of(resize.result(frame.components().size()))
                : Optional.empty();
    }

    /** One component, or three of which none has a finer grid than the first. */
    private static boolean isPerhapsGrey(JpegFrame frame, JpegStructure structure) {
        List<JpegFrame.Component> components = frame.components();
        if (components.size() == 1) {
            return true;
        }
        JpegFrame.Component luma = components.get(0);
        return components.size() == 3
                && structure.isLumaChroma()
                && components.stream()
                        .allMatch(c -> c.across() <= luma.across() && c.down() <= luma.down());
    }

    private boolean readAll() {
        int untilRestart = restartInterval;
        int restarts = 0;
        for (int row = 0; row < unitsDown; row++) {
            for (int column = 0; column < unitsAcross; column++) {
                if (restartInterval > 0 && untilRestart == 0) {
                    if (!bits.endsWith(FIRST_RESTART + restarts++ % 8)) {
                        return false;
                    }
                    lumaConstant = 0;
                    untilRestart = restartInterval;
                }
                untilRestart--;
                if (!readUnit(column, row)) {
                    return false;
                }
            }
            resize.endRows(row * luma.down());
        }
        return bits.endsWith(JpegStructure.EOI);
    }

    private boolean readUnit(int column, int row) {
        for (int y = 0; y < luma.down(); y++) {
            for (int x = 0; x < luma.across(); x++) {
                int blockColumn = column * luma.across() + x;
                int blockRow = row * luma.down() + y;
                if (!readLuma()) {
                    return false;
                }
                if (resize.needs(blockColumn, blockRow)) {
                    if (!block.limit()) {
                        return false;
                    }
                    resize.add(blockColumn, y, block);
                }
            }
        }
        for (JpegFrame.Component component : chroma) {
            for (int i = component.across() * component.down(); i > 0; i--) {
                if (!isZero(component)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the next block has no coefficients at all. */
    private boolean isZero(JpegFrame.Component component) {
        bits.fill();
        return skipZero(component.constant()) && skipZero(component.waves());
    }

    private boolean skipZero(JpegCode code) {
        int found = code.find(bits);
        bits.skip(found >> 8);
        return (found & 0xFF) == 0;
    }

    /** Reads a block; false if its data is none of a valid file. */
    private boolean readLuma() {
        bits.fill();
        int found = luma.constant().find(bits);
        int length = found & 0xFF;
        if (length > LONGEST_CONSTANT) { // so is what was not found
            return false;
        }
        if (length > 0) {
            lumaConstant += bits.signed(found >> 8, length);
        } else {
            bits.skip(found >> 8);
        }
        block.begin(lumaConstant * luma.steps().at(0));
        return readWaves();
    }

    private boolean readWaves() {
        int next = 1;
        while (next < CosineBlock.SIZE) {
            bits.fill();
            int found = luma.waves().find(bits);
            int symbol = found & 0xFF;
            int length = symbol & 0xF;
            next += symbol >> 4;
            if (next >= CosineBlock.SIZE || length > LONGEST_WAVE) { // so is what was not found
                return false;
            }
            if (length > 0) {
                int value = bits.signed(found >> 8, length);
                block.set(PLACES[next], value * luma.steps().at(next));
            } else {
                bits.skip(found >> 8);
                if (symbol != ZERO_RUN) {
                    return symbol == 0; // no more
                }
            }
            next++;
        }
        return true;
    }
}
