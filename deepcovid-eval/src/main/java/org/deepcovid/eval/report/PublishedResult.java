package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Results that a paper reports for a network, measured on the paper's images at thresholds chosen
 * by the paper's method.
 *
 * @param architecture the network, as {@link org.deepcovid.core.model.BackboneSpec#architecture()}
 *     names it
 * @param label the network as the paper names it
 * @param auc area under the ROC curve, in [0, 1]
 * @param sensitivity in [0, 1]
 * @param sensitivityMargin half width of its interval, as printed after the plus-minus sign
 * @param specificity in [0, 1], at the threshold of that sensitivity
 */
public record PublishedResult(
        String architecture,
        String label,
        double auc,
        double sensitivity,
        double sensitivityMargin,
        double specificity) {

    /**
     * @throws IllegalArgumentException if a share is not in [0, 1]
     */
    public PublishedResult {
        requireNonNull(architecture, "architecture is null");
        requireNonNull(label, "label is null");
        for (double share : new double[] {auc, sensitivity, sensitivityMargin, specificity}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "published result of %s holds %s; expected [0, 1]".formatted(label, share));
            }
        }
    }

    /**
     * The four networks of Minaee et al. (2020, doi 10.1016/j.media.2020.101794), on 100 COVID-19
     * and 3000 other test images, at thresholds chosen on those images for a sensitivity of 98 %.
     *
     * @return ResNet-18, ResNet-50, SqueezeNet, DenseNet-121
     */
    public static List<PublishedResult> deepCovid() {
        return List.of(
                new PublishedResult("resnet-18", "ResNet18", 0.989, 0.98, 0.027, 0.907),
                new PublishedResult("resnet-50", "ResNet50", 0.990, 0.98, 0.027, 0.896),
                new PublishedResult("squeezenet-1.1", "SqueezeNet", 0.992, 0.98, 0.027, 0.929),
                new PublishedResult("densenet-121", "DenseNet-121", 0.976, 0.98, 0.027, 0.751));
    }

    boolean isOf(EvaluatedNetwork network) {
        return architecture.equals(network.evaluation().network().architecture());
    }
}
