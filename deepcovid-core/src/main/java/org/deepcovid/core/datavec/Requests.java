package org.deepcovid.core.datavec;

import java.util.List;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageRequest;

/** Labelled images as requests to load them unchanged. */
final class Requests {

    private Requests() {}

    static List<ImageRequest> of(List<LabelledImage> images) {
        return images.stream()
                .map(image -> ImageRequest.plain(image.id(), image.radiograph()))
                .toList();
    }
}
