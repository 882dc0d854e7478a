package org.deepcovid.core.image;

/** Applies gamma and contrast to all samples by a lookup table. */
final class ToneCurve {

    private ToneCurve() {}

    /**
     * Maps v in [0, 1] to {@code v^gamma}, then scales the distance from mid-grey by the contrast.
     */
    static RasterImage apply(RasterImage image, double gamma, double contrast) {
        if (gamma == 1 && contrast == 1) {
            return image;
        }
        byte[] curve = new byte[256];
        for (int level = 0; level < curve.length; level++) {
            double bent = 255 * Math.pow(level / 255.0, gamma);
            double stretched = 127.5 + (bent - 127.5) * contrast;
            curve[level] = (byte) Math.max(0, Math.min(255, Math.rint(stretched)));
        }
        byte[] samples = image.toBytes();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = curve[samples[i] & 0xFF];
        }
        return RasterImage.wrap(image.width(), image.height(), image.channels(), samples);
    }
}
