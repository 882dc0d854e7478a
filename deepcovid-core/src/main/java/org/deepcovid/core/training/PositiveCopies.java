package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageRequest;

/**
 * Every image as it is, and each COVID image several times more with random changes; the same forms
 * in every epoch. With five copies, the paper's plan.
 *
 * @param copies how often each COVID image is seen in an epoch, the plain form included; 1 for no
 *     augmentation
 * @param augmentation how the further copies differ from the image
 */
public record PositiveCopies(int copies, Augmentation augmentation) implements AugmentationPlan {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the augmentation is null
     * @throws IllegalArgumentException if there is no copy
     */
    public PositiveCopies {
        requireNonNull(augmentation, "augmentation is null");
        if (copies <= 0) {
            throw new IllegalArgumentException(
                    "copies is %d; expected at least 1".formatted(copies));
        }
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public List<ImageRequest> views(LabelledImage image, SplittableRandom seeds) {
        List<ImageRequest> views = new ArrayList<>();
        views.add(ImageRequest.plain(image.id(), image.radiograph()));
        int wanted = image.label().equals(Label.COVID) ? copies : 1;
        while (views.size() < wanted) {
            views.add(
                    ImageRequest.augmented(
                            image.id(), image.radiograph(), augmentation, seeds.nextLong()));
        }
        return views;
    }

    @Override
    public String describe() {
        return copies == 1
                ? "none"
                : ("each COVID image %d times an epoch, once plain and %d times"
                                + " changed; others plain")
                        .formatted(copies, copies - 1);
    }
}
