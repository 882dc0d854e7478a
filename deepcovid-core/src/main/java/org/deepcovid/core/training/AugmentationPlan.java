package org.deepcovid.core.training;

import java.util.List;
import java.util.SplittableRandom;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageRequest;

/**
 * In what forms the head sees the training images. The forms are made once, before the first epoch,
 * since a frozen backbone then has to look at each of them only once; epochs take turns with the
 * rounds of forms.
 */
public sealed interface AugmentationPlan permits PositiveCopies, EveryImage {

    /**
     * How many different rounds there are; epoch e sees round {@code (e - 1) mod rounds}. Features
     * of all rounds are kept in memory, and computing them takes as many passes over the images.
     *
     * @return at least 1
     */
    int rounds();

    /**
     * The random changes.
     *
     * @return what is done to the images that are changed
     */
    Augmentation augmentation();

    /**
     * The forms of one image in one round.
     *
     * @param image a training image
     * @param seeds source of the random changes, drawn from once for every changed form
     * @return at least one
     */
    List<ImageRequest> views(LabelledImage image, SplittableRandom seeds);

    /**
     * The plan in words, for reports.
     *
     * @return one line without a full stop
     */
    String describe();
}
