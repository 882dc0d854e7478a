package org.deepcovid.phantoms;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * A synthetic frontal radiograph of the chest together with what is known about it. It shows no
 * person.
 *
 * @param image 8-bit grey, with the words that it is synthetic burnt in
 * @param lungs the lung fields
 * @param opacities the opacities, all within the lung fields; empty for normal lungs
 * @param finding what the lungs show
 * @param acquisition how it was taken; drawn without knowledge of the finding
 */
public record Phantom(
        RasterImage image,
        PixelMask lungs,
        PixelMask opacities,
        Finding finding,
        Acquisition acquisition) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     */
    public Phantom {
        requireNonNull(image, "image is null");
        requireNonNull(lungs, "lungs is null");
        requireNonNull(opacities, "opacities is null");
        requireNonNull(finding, "finding is null");
        requireNonNull(acquisition, "acquisition is null");
    }

    /**
     * The class of the image.
     *
     * @return COVID for {@link Finding#COVID} alone
     */
    public CovidLabel label() {
        return finding.label();
    }
}
