package org.deepcovid.core.image;

import java.util.SplittableRandom;

/**
 * A random crop, resized to the network's input size (C. Szegedy et al., 2015, doi
 * 10.1109/CVPR.2015.7298594): uniform area, uniform logarithm of the aspect ratio (width / height),
 * uniform position. If ten draws do not fit the image, the largest central crop of an allowed
 * aspect is used. The crop is distorted to a square and may miss the lesion.
 *
 * @param minArea smallest area as a fraction of the image, in (0, 1]
 * @param maxArea largest area, from {@code minArea} to 1
 * @param maxAspect largest aspect ratio, at least 1; its inverse is the smallest
 */
public record ResizedCrop(double minArea, double maxArea, double maxAspect) {

    private static final int ATTEMPTS = 10;

    /**
     * @throws IllegalArgumentException if a value is outside its range
     */
    public ResizedCrop {
        if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
            throw new IllegalArgumentException(
                    "area is %s to %s; expected 0 < minArea <= maxArea <= 1"
                            .formatted(minArea, maxArea));
        }
        if (!(maxAspect >= 1 && maxAspect < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "maxAspect is %s; expected at least 1, such as 4.0 / 3".formatted(maxAspect));
        }
    }

    /**
     * The defaults of torchvision's {@code RandomResizedCrop}: area from 0.08 to 1, aspect ratio
     * from 3/4 to 4/3.
     *
     * @return a strong augmentation
     */
    public static ResizedCrop torchvision() {
        return new ResizedCrop(0.08, 1, 4.0 / 3);
    }

    /**
     * Crops and resizes in one antialiased step.
     *
     * @param image any size
     * @param preprocessing gives the part to crop from and the size of the result
     * @param seed seed of the random crop
     * @return a square with the channels of the image
     */
    RasterImage apply(RasterImage image, Preprocessing preprocessing, long seed) {
        int size = preprocessing.inputSize();
        ImagePart part = preprocessing.standardization().part(image);
        ImagePart box = choose(part.width(), part.height(), new SplittableRandom(seed));
        return BilinearResize.apply(
                image,
                part.left() + box.left(),
                part.top() + box.top(),
                new ResizeFilter(box.width(), size, 0, size),
                new ResizeFilter(box.height(), size, 0, size));
    }

    ImagePart choose(int width, int height, SplittableRandom random) {
        double logAspect = Math.log(maxAspect);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double share = minArea + (maxArea - minArea) * random.nextDouble();
            double area = share * width * height;
            double aspect = Math.exp((2 * random.nextDouble() - 1) * logAspect);
            long boxWidth = Math.round(Math.sqrt(area * aspect));
            long boxHeight = Math.round(Math.sqrt(area / aspect));
            if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
                int left = random.nextInt((int) (width - boxWidth) + 1);
                int top = random.nextInt((int) (height - boxHeight) + 1);
                return new ImagePart(left, top, (int) boxWidth, (int) boxHeight);
            }
        }
        return central(width, height);
    }

    private ImagePart central(int width, int height) {
        int boxWidth = (int) Math.max(1, Math.min(width, Math.round(height * maxAspect)));
        int boxHeight = (int) Math.max(1, Math.min(height, Math.round(width * maxAspect)));
        return new ImagePart((width - boxWidth) / 2, (height - boxHeight) / 2, boxWidth, boxHeight);
    }
}
