package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * Where one image's evidence lies.
 *
 * @param imageId identifies the image
 * @param score the model's probability for the label that was asked about, in [0, 1]
 * @param outsideLungs share of the evidence outside the lung fields; empty without a mask or
 *     without any evidence
 * @param areaOutsideLungs the same share of a map without preference; empty without a mask
 * @param inBorder share of the evidence in the outer frame; empty without any evidence
 */
public record EvidenceShares(
        String imageId,
        double score,
        OptionalDouble outsideLungs,
        OptionalDouble areaOutsideLungs,
        OptionalDouble inBorder) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     */
    public EvidenceShares {
        requireNonNull(imageId, "imageId is null");
        requireNonNull(outsideLungs, "outsideLungs is null");
        requireNonNull(areaOutsideLungs, "areaOutsideLungs is null");
        requireNonNull(inBorder, "inBorder is null");
    }
}
