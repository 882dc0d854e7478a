package org.deepcovid.core.image;

/** Changes grey levels by a curve, the same for every pixel and channel. */
final class ToneCurve {

    private ToneCurve() {}

    /** Levels go through {@code v^gamma}, then away from mid-grey by the contrast factor. */
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
