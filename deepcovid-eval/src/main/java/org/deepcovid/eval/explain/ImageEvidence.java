package org.deepcovid.eval.explain;

import java.util.Arrays;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;

/** A heatmap at the image's resolution: a value for every pixel inside the network's crop. */
final class ImageEvidence {

    private final int width;
    private final int height;
    private final float[] values; // NaN outside the crop

    private ImageEvidence(int width, int height, float[] values) {
        this.width = width;
        this.height = height;
        this.values = values;
    }

    static ImageEvidence of(Heatmap map) {
        CropPlacement placement = map.placement();
        int width = placement.imageWidth();
        int height = placement.imageHeight();
        float[] values = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                values[y * width + x] =
                        placement.covers(x, y) ? (float) map.valueAt(x + 0.5, y + 0.5) : Float.NaN;
            }
        }
        return new ImageEvidence(width, height, values);
    }

    boolean covers(int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height && !Float.isNaN(values[y * width + x]);
    }

    double at(int x, int y) {
        return values[y * width + x];
    }

    /**
     * The pixels with the most evidence for the label, at most a share of the pixels inside the
     * crop: ties at the limit are left out, so a flat map has no hottest pixels.
     */
    PixelMask hottest(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "share of hottest pixels is %s; expected between 0 and 1".formatted(share));
        }
        float[] sorted = new float[values.length];
        int covered = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                sorted[covered++] = value;
            }
        }
        Arrays.sort(sorted, 0, covered);
        int taken = (int) Math.floor(share * covered);
        float bar = Math.max(0, sorted[covered - 1 - taken]);
        return PixelMask.of(width, height, (x, y) -> values[y * width + x] > bar); // false for NaN
    }
}
