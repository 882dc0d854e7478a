package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageRequest;

/**
 * Every image once an epoch, always with random changes, as PyTorch's data loaders do. A loader
 * draws anew in every epoch; here the epochs take turns with a fixed number of draws, since each
 * draw costs a pass of all images through the backbone. With as many draws as epochs nothing is
 * ever repeated.
 *
 * @param draws different forms of each image, at least 1
 * @param augmentation the random changes
 */
public record EveryImage(int draws, Augmentation augmentation) implements AugmentationPlan {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if the augmentation is null
     * @throws IllegalArgumentException if there is no draw
     */
    public EveryImage {
        requireNonNull(augmentation, "augmentation is null");
        if (draws <= 0) {
            throw new IllegalArgumentException("draws is %d; expected at least 1".formatted(draws));
        }
    }

    @Override
    public int rounds() {
        return draws;
    }

    @Override
    public List<ImageRequest> views(LabelledImage image, SplittableRandom seeds) {
        return List.of(
                ImageRequest.augmented(
                        image.id(), image.radiograph(), augmentation, seeds.nextLong()));
    }

    @Override
    public String describe() {
        return "every image changed in every epoch, with %d different draw%s that take turns"
                .formatted(draws, draws == 1 ? "" : "s");
    }
}
