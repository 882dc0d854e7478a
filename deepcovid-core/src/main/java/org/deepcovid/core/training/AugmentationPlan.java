package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageRequest;

/**
 * How training images are augmented. All augmented images are chosen before the first epoch, so
 * that a frozen backbone computes the features of each only once; the epochs cycle through the
 * rounds.
 */
public sealed interface AugmentationPlan {

    /**
     * Number of different rounds; epoch e uses round {@code (e - 1) mod rounds}. Features of all
     * rounds are kept in memory, and computing them takes as many passes over the images.
     */
    int rounds();

    /** The random changes. */
    Augmentation augmentation();

    /**
     * The forms of one image in one round.
     *
     * @param positive whether the image has the positive label
     * @param seeds source of the random changes, drawn from once for every changed form
     */
    List<ImageRequest> views(LabelledImage image, boolean positive, SplittableRandom seeds);

    /** The plan in words, for reports. */
    String describe();

    /**
     * Every image as it is, and each positive image several times more with random changes; the
     * same forms in every epoch. With five copies, the paper's plan.
     *
     * @param copies uses of each positive image per epoch, the unchanged one included; 1 for no
     *     augmentation
     * @param augmentation how the further copies differ from the image
     */
    record PositiveCopies(int copies, Augmentation augmentation) implements AugmentationPlan {

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
        public List<ImageRequest> views(
                LabelledImage image, boolean positive, SplittableRandom seeds) {
            List<ImageRequest> views = new ArrayList<>();
            views.add(ImageRequest.plain(image.id(), image.radiograph()));
            int wanted = positive ? copies : 1;
            while (views.size() < wanted) {
                views.add(
                        ImageRequest.changed(
                                image.id(), image.radiograph(), augmentation, seeds.nextLong()));
            }
            return views;
        }

        @Override
        public String describe() {
            return copies == 1
                    ? "none"
                    : ("each positive image %d times per epoch, once plain and %d times"
                                    + " changed; others plain")
                            .formatted(copies, copies - 1);
        }
    }

    /**
     * Every image once per epoch, always with random changes, as PyTorch's data loaders do. A
     * loader draws anew in every epoch; here the epochs take turns with a fixed number of draws,
     * since each draw costs a pass of all images through the backbone. With as many draws as epochs
     * nothing is ever repeated.
     *
     * @param draws different forms of each image, at least 1
     * @param augmentation the random changes
     */
    record EveryImage(int draws, Augmentation augmentation) implements AugmentationPlan {

        public EveryImage {
            requireNonNull(augmentation, "augmentation is null");
            if (draws <= 0) {
                throw new IllegalArgumentException(
                        "draws is %d; expected at least 1".formatted(draws));
            }
        }

        @Override
        public int rounds() {
            return draws;
        }

        @Override
        public List<ImageRequest> views(
                LabelledImage image, boolean positive, SplittableRandom seeds) {
            return List.of(
                    ImageRequest.changed(
                            image.id(), image.radiograph(), augmentation, seeds.nextLong()));
        }

        @Override
        public String describe() {
            return "every image changed in every epoch, with %d different draw%s that take turns"
                    .formatted(draws, draws == 1 ? "" : "s");
        }
    }

    /** Every image unchanged, and each positive image several times more with random changes. */
    static AugmentationPlan positiveCopies(int copies, Augmentation augmentation) {
        return new PositiveCopies(copies, augmentation);
    }

    /** Every image once per epoch, with random changes. */
    static AugmentationPlan everyImage(int draws, Augmentation augmentation) {
        return new EveryImage(draws, augmentation);
    }
}
