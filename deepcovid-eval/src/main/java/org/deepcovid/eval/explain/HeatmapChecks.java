package org.deepcovid.eval.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;

/**
 * Metrics of a heatmap against masks of its image, or against another heatmap. Masks have the size
 * of the image; pixels outside the network's crop are ignored.
 */
public final class HeatmapChecks {

    private HeatmapChecks() {}

    /**
     * Pointing game: whether the hottest pixel is in a mask; of several equally hot pixels, a
     * central one.
     *
     * <p>Zhang et al. (2018), Top-Down Neural Attention by Excitation Backprop, DOI
     * 10.1007/s11263-017-1059-x.
     *
     * @throws IllegalArgumentException if the mask is not of the image's size
     */
    public static boolean pointsInto(Heatmap map, PixelMask mask) {
        requireSameSize(map, mask);
        Heatmap.Pixel hottest = map.hottest();
        return mask.contains(hottest.x(), hottest.y());
    }

    /**
     * Pointing game within an area, such as the lung fields: whether the area's hottest pixel, of
     * several a central one, is in a mask. Chance is then the mask's share of the area. This does
     * not hold for the whole image, since the padding of convolutions makes borders stand out.
     *
     * @throws IllegalArgumentException if the sizes differ, or the area is outside the network's
     *     crop
     */
    public static boolean pointsInto(Heatmap map, PixelMask mask, PixelMask area) {
        requireSameSize(map, mask);
        requireSameSize(map, area);
        ImageEvidence evidence = ImageEvidence.of(map);
        double hottest = Double.NEGATIVE_INFINITY;
        List<Heatmap.Pixel> pixels = new ArrayList<>();
        for (int y = 0; y < area.height(); y++) {
            for (int x = 0; x < area.width(); x++) {
                if (area.contains(x, y) && evidence.covers(x, y) && evidence.at(x, y) >= hottest) {
                    if (evidence.at(x, y) > hottest) {
                        hottest = evidence.at(x, y);
                        pixels.clear();
                    }
                    pixels.add(new Heatmap.Pixel(x, y));
                }
            }
        }
        Heatmap.Pixel central =
                Heatmap.Pixel.central(pixels)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "area %s is outside the network's crop; expected pixels inside it"
                                                        .formatted(area)));
        return mask.contains(central.x(), central.y());
    }

    /**
     * Whether the hottest pixel is in the outer frame of the network's crop, as it often is for
     * untrained networks, since the padding of convolutions stands out against any image.
     *
     * @param frame width of the frame as a share of the side, between 0 and 0.5, exclusive
     */
    public static boolean pointsIntoBorder(Heatmap map, double frame) {
        Heatmap.Pixel hottest = map.hottest();
        return border(map.placement(), frame).contains(hottest.x(), hottest.y());
    }

    /**
     * Overlap of the hottest pixels with a mask.
     *
     * @param hottestShare share of the crop's pixels to use, between 0 and 1, exclusive
     * @return intersection over union, in [0, 1]; 0 if both are empty
     */
    public static double intersectionOverUnion(Heatmap map, PixelMask mask, double hottestShare) {
        requireSameSize(map, mask);
        PixelMask hot = ImageEvidence.of(map).hottest(hottestShare);
        int union = hot.or(mask).area();
        return union == 0 ? 0 : (double) hot.and(mask).area() / union;
    }

    /**
     * Share of the evidence for the label that is in a mask; evidence against it is left out.
     *
     * @return in [0, 1]; empty if there is no evidence for the label anywhere
     */
    public static OptionalDouble shareInside(Heatmap map, PixelMask mask) {
        requireSameSize(map, mask);
        return share(map, mask::contains);
    }

    /**
     * Share of the evidence for the label in the outer frame of the network's crop.
     *
     * @param frame width of the frame as a share of the side, between 0 and 0.5, exclusive
     * @return in [0, 1]; empty if there is no evidence for the label anywhere
     */
    public static OptionalDouble shareInBorder(Heatmap map, double frame) {
        return share(map, border(map.placement(), frame));
    }

    /** The outer frame's share of the area, and so of the evidence of a uniform map. */
    public static double areaOfBorder(double frame) {
        return 1 - (1 - 2 * frame) * (1 - 2 * frame);
    }

    /** A mask's share of the network's crop, and so of the evidence of a uniform map. */
    public static double areaOf(Heatmap map, PixelMask mask) {
        requireSameSize(map, mask);
        CropPlacement placement = map.placement();
        PixelMask seen = PixelMask.of(mask.width(), mask.height(), placement::covers);
        return (double) seen.and(mask).area() / seen.area();
    }

    private static PixelMask.Membership border(CropPlacement placement, double frame) {
        if (!(frame > 0 && frame < 0.5)) {
            throw new IllegalArgumentException(
                    "frame is %s; expected between 0 and 0.5 of the side".formatted(frame));
        }
        double low = frame * placement.inputSize();
        double high = placement.inputSize() - low;
        return (x, y) -> {
            double cropX = placement.cropX(x + 0.5);
            double cropY = placement.cropY(y + 0.5);
            return cropX < low || cropX >= high || cropY < low || cropY >= high;
        };
    }

    private static OptionalDouble share(Heatmap map, PixelMask.Membership part) {
        ImageEvidence evidence = ImageEvidence.of(map);
        double inside = 0;
        double all = 0;
        for (int y = 0; y < map.placement().imageHeight(); y++) {
            for (int x = 0; x < map.placement().imageWidth(); x++) {
                double value = evidence.covers(x, y) ? Math.max(0, evidence.at(x, y)) : 0;
                all += value;
                inside += part.contains(x, y) ? value : 0;
            }
        }
        return all > 0 ? OptionalDouble.of(inside / all) : OptionalDouble.empty();
    }

    /**
     * Spearman's rank correlation of two maps of one image, on the network's input. A map that does
     * not change when the network's parameters are randomised explains the image, not the network
     * (Adebayo et al. 2018, Sanity Checks for Saliency Maps, arXiv:1810.03292).
     *
     * @return in [-1, 1]; 0 if a map is constant
     * @throws IllegalArgumentException if the maps are of different image or input sizes
     */
    public static double rankCorrelation(Heatmap one, Heatmap other) {
        if (!one.placement().equals(other.placement())) {
            throw new IllegalArgumentException(
                    "maps for %s and %s; expected one image"
                            .formatted(one.placement(), other.placement()));
        }
        return correlation(ranks(one.onInput().values()), ranks(other.onInput().values()));
    }

    /** Ranks from 0; equal values share their mean rank. */
    private static double[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] ofSorted = new double[sorted.length];
        for (int from = 0; from < sorted.length; ) {
            int to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            Arrays.fill(ofSorted, from, to, (from + to - 1) / 2.0);
            from = to;
        }
        return Arrays.stream(values)
                .map(value -> ofSorted[Arrays.binarySearch(sorted, value)])
                .toArray();
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
    }

    private static void requireSameSize(Heatmap map, PixelMask mask) {
        CropPlacement placement = map.placement();
        if (mask.width() != placement.imageWidth() || mask.height() != placement.imageHeight()) {
            throw new IllegalArgumentException(
                    "%s for an image of %d x %d pixels; expected a mask of the image's size"
                            .formatted(mask, placement.imageWidth(), placement.imageHeight()));
        }
    }
}
