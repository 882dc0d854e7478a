package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageChange;
import org.deepcovid.core.image.ImageRequest;

/**
 * Images with their random changes.
 *
 * @param labelSet of the dataset
 * @param requests one per use of an image
 * @param labels one per request
 */
record AugmentedImages(LabelSet labelSet, List<ImageRequest> requests, List<Label> labels) {

    AugmentedImages {
        requests = List.copyOf(requests);
        labels = List.copyOf(labels);
    }

    /** Every image as it is. */
    static AugmentedImages plain(LabelSet labelSet, List<LabelledImage> images) {
        return new AugmentedImages(
                labelSet,
                images.stream()
                        .map(image -> ImageRequest.plain(image.id(), image.radiograph()))
                        .toList(),
                images.stream().map(LabelledImage::label).toList());
    }

    /** Every image once, changed. */
    static AugmentedImages changed(
            LabelSet labelSet,
            List<LabelledImage> images,
            ImageChange change,
            SplittableRandom seeds) {
        return new AugmentedImages(
                labelSet,
                images.stream()
                        .map(
                                image ->
                                        ImageRequest.changed(
                                                image.id(),
                                                image.radiograph(),
                                                change,
                                                seeds.nextLong()))
                        .toList(),
                images.stream().map(LabelledImage::label).toList());
    }

    /** The images of each round of a recipe's plan. */
    static List<AugmentedImages> rounds(
            LabelSet labelSet, List<LabelledImage> images, FineTuneConfig config, long seed) {
        AugmentationPlan plan = config.augmentationPlan();
        SplittableRandom seeds = new SplittableRandom(seed);
        return Stream.generate(() -> round(labelSet, images, plan, seeds))
                .limit(plan.rounds())
                .toList();
    }

    /** All rounds, one after the other, and then images as they are. */
    static AugmentedImages all(List<AugmentedImages> rounds, List<LabelledImage> last) {
        AugmentedImages all = rounds.stream().reduce(AugmentedImages::and).orElseThrow();
        return all.and(plain(all.labelSet, last));
    }

    private static AugmentedImages round(
            LabelSet labelSet,
            List<LabelledImage> images,
            AugmentationPlan plan,
            SplittableRandom seeds) {
        List<ImageRequest> requests = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (LabelledImage image : images) {
            boolean positive = image.label().equals(labelSet.positive());
            for (ImageRequest view : plan.views(image, positive, seeds)) {
                requests.add(view);
                labels.add(image.label());
            }
        }
        return new AugmentedImages(labelSet, requests, labels);
    }

    /** These and others. */
    AugmentedImages and(AugmentedImages others) {
        return new AugmentedImages(
                labelSet,
                Stream.concat(requests.stream(), others.requests.stream()).toList(),
                Stream.concat(labels.stream(), others.labels.stream()).toList());
    }

    /** Positions of the labels. */
    List<Integer> classes() {
        return labels.stream().map(labelSet::indexOf).toList();
    }

    int size() {
        return requests.size();
    }
}
