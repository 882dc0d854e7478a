package org.deepcovid.core.image.dicom;

import java.io.IOException;

/** Colour images to 8-bit red, green and blue (PS3.3, C.7.6.3.1.2). */
final class Colours {

    private Colours() {}

    static byte[] ofPalette(short[] samples, DataSet data, PixelLayout layout) throws IOException {
        LookupTable[] tables = {
            LookupTable.of(data, Tag.RED_DESCRIPTOR, Tag.RED_DATA, layout.signed()),
            LookupTable.of(data, Tag.GREEN_DESCRIPTOR, Tag.GREEN_DATA, layout.signed()),
            LookupTable.of(data, Tag.BLUE_DESCRIPTOR, Tag.BLUE_DATA, layout.signed())
        };
        byte[] rgb = new byte[samples.length * 3];
        for (int i = 0; i < samples.length; i++) {
            int value = layout.value(layout.stored(samples[i]));
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = to8Bits(tables[c].of(value), tables[c].max());
            }
        }
        return rgb;
    }

    static byte[] ofRgb(short[] samples, PixelLayout layout) {
        byte[] rgb = new byte[samples.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = to8Bits(layout.stored(samples[i]), layout.maxStored());
        }
        return rgb;
    }

    static byte[] ofLumaChroma(short[] samples, PixelLayout layout) {
        byte[] rgb = ofRgb(samples, layout);
        for (int i = 0; i < rgb.length; i += 3) {
            double luma = rgb[i] & 0xFF;
            int cb = (rgb[i + 1] & 0xFF) - 128;
            int cr = (rgb[i + 2] & 0xFF) - 128;
            rgb[i] = clamp(luma + 1.402 * cr);
            rgb[i + 1] = clamp(luma - 0.344136 * cb - 0.714136 * cr);
            rgb[i + 2] = clamp(luma + 1.772 * cb);
        }
        return rgb;
    }

    private static byte clamp(double value) {
        return (byte) Math.round(Math.max(0, Math.min(255, value)));
    }

    private static byte to8Bits(int value, int max) {
        return (byte) ((value * 255 + max / 2) / max);
    }
}
