package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageRequest;

/**
 * Images in the forms in which they are to be seen.
 *
 * @param requests one a form
 * @param labels one a request
 */
record ViewedImages(List<ImageRequest> requests, List<Label> labels) {

    ViewedImages {
        requests = List.copyOf(requests);
        labels = List.copyOf(labels);
    }

    /** Every image as it is. */
    static ViewedImages plain(List<LabelledImage> images) {
        return new ViewedImages(
                images.stream()
                        .map(image -> ImageRequest.plain(image.id(), image.radiograph()))
                        .toList(),
                images.stream().map(LabelledImage::label).toList());
    }

    /** What a plan makes of images, round by round. */
    static List<ViewedImages> rounds(
            List<LabelledImage> images, AugmentationPlan plan, SplittableRandom seeds) {
        return Stream.generate(() -> round(images, plan, seeds)).limit(plan.rounds()).toList();
    }

    /** All rounds, one after the other, and then images as they are. */
    static ViewedImages all(List<ViewedImages> rounds, List<LabelledImage> last) {
        return rounds.stream().reduce(ViewedImages::and).orElseThrow().and(plain(last));
    }

    private static ViewedImages round(
            List<LabelledImage> images, AugmentationPlan plan, SplittableRandom seeds) {
        List<ImageRequest> requests = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (LabelledImage image : images) {
            for (ImageRequest view : plan.views(image, seeds)) {
                requests.add(view);
                labels.add(image.label());
            }
        }
        return new ViewedImages(requests, labels);
    }

    /** These and others. */
    ViewedImages and(ViewedImages others) {
        return new ViewedImages(
                Stream.concat(requests.stream(), others.requests.stream()).toList(),
                Stream.concat(labels.stream(), others.labels.stream()).toList());
    }

    int size() {
        return requests.size();
    }
}
