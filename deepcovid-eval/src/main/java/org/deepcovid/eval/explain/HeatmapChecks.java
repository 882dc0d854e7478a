package org.deepcovid.eval.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;

/**
 * Numbers that compare a heatmap with what is known about its image, or with another heatmap. Masks
 * have the size of the image; only pixels that the network saw count.
 */
public final class HeatmapChecks {

    private HeatmapChecks() {}

    /**
     * Pointing game: whether the hottest place lies in a mask. Of several equally hot places a
     * central one counts.
     *
     * <p>Zhang et al. (2018), Top-Down Neural Attention by Excitation Backprop, DOI
     * 10.1007/s11263-017-1059-x.
     *
     * @param map the heatmap
     * @param mask such as the opacities of the image
     * @return true if its hottest pixel is in the mask
     * @throws IllegalArgumentException if the sizes differ
     */
    public static boolean pointsInto(Heatmap map, PixelMask mask) {
        requireSameSize(map, mask);
        Heatmap.Pixel hottest = map.hottest();
        return mask.contains(hottest.x(), hottest.y());
    }

    /**
     * Pointing game inside an area: whether the hottest place of the area lies in a mask. Where all
     * of an area is as likely to be hottest, as in a network that learned nothing, chance is the
     * mask's share of the area; the hottest place of the whole image is not like that, since the
     * padding of convolutions makes borders stand out.
     *
     * @param map the heatmap
     * @param mask such as the opacities of the image
     * @param area such as the lung fields
     * @return true if the area's hottest pixel is in the mask; of several equally hot ones a
     *     central one counts
     * @throws IllegalArgumentException if the sizes differ, or the network saw nothing of the area
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
        Heatmap.Pixel central = central(pixels, area);
        return mask.contains(central.x(), central.y());
    }

    private static Heatmap.Pixel central(List<Heatmap.Pixel> pixels, PixelMask area) {
        double x = pixels.stream().mapToInt(Heatmap.Pixel::x).average().orElse(0);
        double y = pixels.stream().mapToInt(Heatmap.Pixel::y).average().orElse(0);
        return pixels.stream()
                .min(Comparator.comparingDouble(p -> Math.hypot(p.x() - x, p.y() - y)))
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the network saw nothing of the area, %s; expected pixels inside its crop"
                                                .formatted(area)));
    }

    /**
     * Whether the hottest place lies in the outer frame of what the network saw, as it often does
     * in networks that learned nothing: the padding of convolutions stands out against any image.
     *
     * @param map the heatmap
     * @param frame width of the frame as a share of the side, between 0 and 0.5
     * @return true if its hottest pixel is in the frame
     * @throws IllegalArgumentException if the width is out of range
     */
    public static boolean pointsIntoBorder(Heatmap map, double frame) {
        Heatmap.Pixel hottest = map.hottest();
        return border(map.placement(), frame).contains(hottest.x(), hottest.y());
    }

    /**
     * Overlap of the hottest pixels with a mask.
     *
     * @param map the heatmap
     * @param mask such as the opacities of the image
     * @param hottestShare share of the seen pixels to take as hot, between 0 and 1
     * @return intersection over union, in [0, 1]; 0 if both are empty
     * @throws IllegalArgumentException if the sizes differ or the share is out of range
     */
    public static double intersectionOverUnion(Heatmap map, PixelMask mask, double hottestShare) {
        requireSameSize(map, mask);
        PixelMask hot = ImageEvidence.of(map).hottest(hottestShare);
        int union = hot.or(mask).area();
        return union == 0 ? 0 : (double) hot.and(mask).area() / union;
    }

    /**
     * Share of the evidence for the label that lies in a mask. Evidence against it is left out.
     *
     * @param map the heatmap
     * @param mask such as the lung fields
     * @return in [0, 1]; empty if there is no evidence for the label anywhere
     * @throws IllegalArgumentException if the sizes differ
     */
    public static OptionalDouble shareInside(Heatmap map, PixelMask mask) {
        requireSameSize(map, mask);
        return share(map, mask::contains);
    }

    /**
     * Share of the evidence for the label in the outer frame of what the network saw.
     *
     * @param map the heatmap
     * @param frame width of the frame as a share of the side, between 0 and 0.5
     * @return in [0, 1]; empty if there is no evidence for the label anywhere
     * @throws IllegalArgumentException if the width is out of range
     */
    public static OptionalDouble shareInBorder(Heatmap map, double frame) {
        return share(map, border(map.placement(), frame));
    }

    /**
     * The share of evidence that a map without preference would have in the outer frame.
     *
     * @param frame width of the frame as a share of the side, between 0 and 0.5
     * @return the frame's share of the area
     */
    public static double areaOfBorder(double frame) {
        return 1 - (1 - 2 * frame) * (1 - 2 * frame);
    }

    /**
     * The share of evidence that a map without preference would have in a mask.
     *
     * @param map heatmap of an image
     * @param mask such as the lung fields
     * @return the mask's share of the seen area
     * @throws IllegalArgumentException if the sizes differ
     */
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
     * @param one a heatmap
     * @param other a heatmap of the same placement
     * @return in [-1, 1]; 0 if a map is flat
     * @throws IllegalArgumentException if the placements differ
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
