package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

/**
 * How well some weights do on the ImageNet validation set, as their publisher states.
 *
 * @param top1 share of images whose first answer is right, in (0, 1)
 * @param top5 share of images with the right answer among the first five, in (0, 1)
 * @param source who states it
 */
public record PublishedAccuracy(double top1, double top5, String source) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if {@code 0 < top1 <= top5 < 1} does not hold
     */
    public PublishedAccuracy {
        requireNonNull(source, "source is null");
        if (!(top1 > 0 && top1 <= top5 && top5 < 1)) {
            throw new IllegalArgumentException(
                    "top1 is %s and top5 %s; expected 0 < top1 <= top5 < 1 (percentages?)"
                            .formatted(top1, top5));
        }
    }
}
