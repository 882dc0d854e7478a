package org.deepcovid.phantoms;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * A synthetic frontal radiograph of the chest with its masks and parameters.
 *
 * @param image 8-bit grey, with the text SYNTHETIC PHANTOM burnt in
 * @param lungs the lung fields
 * @param opacities the opacities, all within the lung fields; empty for normal lungs
 * @param disease shown in the lungs
 * @param acquisition independent of the disease
 */
public record Phantom(
        RasterImage image,
        PixelMask lungs,
        PixelMask opacities,
        Disease disease,
        Acquisition acquisition) {

    public Phantom {
        requireNonNull(image, "image is null");
        requireNonNull(lungs, "lungs is null");
        requireNonNull(opacities, "opacities is null");
        requireNonNull(disease, "disease is null");
        requireNonNull(acquisition, "acquisition is null");
    }

    public Label label() {
        return disease.label();
    }

    /**
     * Simulated acquisition. It is independent of the disease, so it does not reveal the class.
     *
     * @param rotationDegrees tilt of the patient, clockwise positive
     * @param scale half of the inner thoracic width as a share of the image's shorter side
     * @param shiftX displacement of the thorax to the right, as a share of the shorter side
     * @param shiftY displacement downwards, as a share of the shorter side
     * @param exposure shift of the grey scale; positive is brighter
     * @param contrast factor of the grey scale
     * @param gamma exponent of the tone curve
     * @param noise standard deviation of the noise in the brightest areas, in grey levels
     * @param blur strength of the unsharpness, 1 to 3
     * @param marker side marker
     * @param electrodes number of electrodes with their leads
     * @param catheter whether a venous catheter is seen
     * @param collimated whether an unexposed edge is seen
     */
    public record Acquisition(
            double rotationDegrees,
            double scale,
            double shiftX,
            double shiftY,
            double exposure,
            double contrast,
            double gamma,
            double noise,
            int blur,
            Marker marker,
            int electrodes,
            boolean catheter,
            boolean collimated) {

        /** Letter that names a side of the patient. */
        public enum Marker {
            /** No letter. */
            NONE,
            /** {@code L} on the patient's left, which is the right of the image. */
            LEFT,
            /** {@code R} on the patient's right, which is the left of the image. */
            RIGHT
        }

        static Acquisition draw(Dice dice) {
            return new Acquisition(
                    3.5 * dice.gaussian() / 1.5,
                    dice.between(0.31, 0.39),
                    dice.between(-0.04, 0.04),
                    dice.between(-0.05, 0.05),
                    dice.between(-0.07, 0.07),
                    dice.between(0.82, 1.12),
                    dice.between(0.8, 1.25),
                    dice.between(1.5, 7),
                    dice.count(1, 3),
                    Marker.values()[dice.count(0, 2)],
                    dice.chance(0.3) ? dice.count(2, 4) : 0,
                    dice.chance(0.2),
                    dice.chance(0.3));
        }
    }
}
