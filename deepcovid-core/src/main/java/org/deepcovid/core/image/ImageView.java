package org.deepcovid.core.image;

/**
 * Which part of a network's input stays visible; the rest is black. Audits measure with it how well
 * the label is predicted from places that show no disease.
 */
public enum ImageView {
    /** Everything. */
    WHOLE {
        @Override
        boolean shows(double x, double y) {
            return true;
        }
    },
    /** All but the centre, 74 % of each side. */
    BORDER {
        @Override
        boolean shows(double x, double y) {
            return !CENTRE.shows(x, y);
        }
    },
    /** The border without the corners. */
    EDGES {
        @Override
        boolean shows(double x, double y) {
            return BORDER.shows(x, y) && !CORNERS.shows(x, y);
        }
    },
    /** The four corners, squares of 20 % of the side. */
    CORNERS {
        @Override
        boolean shows(double x, double y) {
            return Math.abs(x - 0.5) > 0.3 && Math.abs(y - 0.5) > 0.3;
        }
    },
    /** The centre, 74 % of each side. */
    CENTRE {
        @Override
        boolean shows(double x, double y) {
            return Math.abs(x - 0.5) <= 0.37 && Math.abs(y - 0.5) <= 0.37;
        }
    };

    /** Whether a point is visible; x and y in (0, 1) from the upper left corner. */
    abstract boolean shows(double x, double y);

    /** The image with the hidden part black. */
    RasterImage of(RasterImage image) {
        if (this == WHOLE) {
            return image;
        }
        byte[] samples = image.toBytes();
        int channels = image.channels();
        for (int i = 0; i < samples.length; i++) {
            int pixel = i / channels;
            int row = pixel / image.width();
            double x = (pixel % image.width() + 0.5) / image.width();
            double y = (row + 0.5) / image.height();
            samples[i] = shows(x, y) ? samples[i] : 0;
        }
        return image.withPixels(image.width(), image.height(), samples);
    }
}
