package org.deepcovid.eval.audit;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.deepcovid.core.image.ImageView;

/**
 * A part of what is known of an image, from which the label is predicted. Where a part that shows
 * no lungs predicts it, a network can learn that part instead of the disease.
 */
public enum Probe {
    /** The image as the network gets it; what the others are compared with. */
    WHOLE("the whole image", ImageView.WHOLE),
    /** The border of the image. */
    BORDER(
            "the border only (centre, 74 % of each side, black)",
            0.75,
            ImageView.BORDER,
            "the border of the images",
            "crop the images to the lungs, or add images whose borders do not depend on the label"),
    /** The border without the corners; tells whether a shortcut is in the corners alone. */
    EDGES(
            "the border without the corners",
            0.75,
            ImageView.EDGES,
            "the edges of the images",
            "crop the images to the lungs, or add images whose borders do not depend on the label"),
    /** The corners, where markers and letters are. */
    CORNERS(
            "the corners only (20 % of each side)",
            0.75,
            ImageView.CORNERS,
            "the corners of the images, such as a marker or letters there",
            "black out the corners, or crop the images to the lungs"),
    /** Size, aspect and bytes per pixel of the file. */
    FILE_FACTS(
            "file facts only (size, aspect, bytes per pixel)",
            0.75,
            null,
            "how the files were made (size, aspect, compression)",
            "convert all images alike from their originals"),
    /** The range of grey levels. */
    GREY_LEVELS(
            "grey levels only (their range and number in the centre)",
            0.75,
            null,
            "the range of grey levels",
            "convert all images alike from their originals, with one window"),
    /** Source, scanner, view, sex and age, each by itself. */
    METADATA(
            "metadata only",
            0.75,
            null,
            "the metadata",
            "add images of both labels from every source, of like patients and projections"),
    /** The source, predicted from the image; together with {@link #METADATA}. */
    SOURCE("the source, from the whole image", 0.75, null, "", ""),
    /** Training on other sources only, against training on all. */
    NEW_SOURCE(
            "an unseen source",
            0.05,
            null,
            "what differs between sources",
            "test on sources that were not trained on, and report these results"),
    /** The centre; without a verdict. */
    CENTRE("the centre only (74 % of each side)", ImageView.CENTRE),
    /** The image reduced to 8 x 8 pixels, without a network; without a verdict. */
    COARSE("8 x 8 pixels", null);

    private final String words;
    private final OptionalDouble limit;
    private final Optional<ImageView> view;
    private final String where;
    private final String advice;

    Probe(String words, ImageView view) {
        this(words, OptionalDouble.empty(), view, "", "");
    }

    Probe(String words, double limit, ImageView view, String where, String advice) {
        this(words, OptionalDouble.of(limit), view, where, advice);
    }

    Probe(String words, OptionalDouble limit, ImageView view, String where, String advice) {
        this.words = words;
        this.limit = limit;
        this.view = Optional.ofNullable(view);
        this.where = where;
        this.advice = advice;
    }

    /** All probes. */
    public static Set<Probe> all() {
        return EnumSet.allOf(Probe.class);
    }

    /** Those that need one pass over the images beside that for their features. */
    public static Set<Probe> quick() {
        return EnumSet.of(WHOLE, BORDER, FILE_FACTS, GREY_LEVELS, METADATA, SOURCE);
    }

    /** What the label is predicted from. */
    public String words() {
        return words;
    }

    /**
     * The area that the lower confidence bound of a shortcut exceeds; for {@link #NEW_SOURCE} the
     * loss of area.
     *
     * @return empty for probes without a verdict
     */
    public OptionalDouble limit() {
        return limit;
    }

    Optional<ImageView> view() {
        return view;
    }

    String where() {
        return where;
    }

    String advice() {
        return advice;
    }
}
