package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

/**
 * A reason to be careful with the numbers of an evaluation. The natural order is the gravest first.
 *
 * @param kind what it is about
 * @param text what was found, with its number; one or several sentences
 * @param advice what to do; one sentence
 */
public record Warning(Kind kind, String text, String advice) implements Comparable<Warning> {

    /** Kinds of warnings, the gravest first. */
    public enum Kind {
        /** The backbone was never trained. */
        RANDOM_WEIGHTS,
        /** The images are drawn. */
        SYNTHETIC,
        /** The scores tell the classes apart no better than chance. */
        CHANCE,
        /** An attribute of the images, such as their source, separates the classes. */
        CONFOUNDED,
        /** The label can be predicted without what should show it. */
        SHORTCUT,
        /** The backbone was trained on images that the threshold was chosen on. */
        PRETRAINED,
        /** The scores do not tell the labels of a source apart. */
        NO_SKILL,
        /** Only one of the two classes is there. */
        ONE_CLASS,
        /** No error at any threshold. */
        PERFECT_SEPARATION,
        /** Sets of labels hold the true label less often than stated. */
        COVERAGE,
        /** Many test images are unlike those fitted to. */
        UNLIKE,
        /** The patients of test images are not known. */
        PATIENTS_UNKNOWN,
        /** Few positive test images. */
        FEW_POSITIVES,
        /** Few patients in a class of the test images. */
        FEW_PATIENTS,
        /** Few positive images to choose the threshold on. */
        FEW_THRESHOLD_POSITIVES,
        /** Too few images of a label to form sets of labels at a confidence. */
        FEW_FOR_CONFIDENCE,
        /** The calibration or threshold was chosen again on too few images. */
        SMALL_SAMPLE,
        /** Few positive images below the threshold. */
        THRESHOLD_EDGE,
        /** The last epoch was the best. */
        STOPPED_EARLY,
        /** Something odd about test images. */
        REMARK,
        /** Groups of few images. */
        SMALL_GROUPS
    }

    public Warning {
        requireNonNull(kind, "kind is null");
        requireNonNull(text, "text is null");
        requireNonNull(advice, "advice is null");
    }

    @Override
    public int compareTo(Warning other) {
        return kind.compareTo(other.kind);
    }

    /** The text and the advice. */
    @Override
    public String toString() {
        return text + " " + advice;
    }
}
