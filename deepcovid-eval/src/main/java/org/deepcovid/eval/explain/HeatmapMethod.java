package org.deepcovid.eval.explain;

import org.deepcovid.core.image.RasterImage;

/** A method that computes the evidence for a label at each place of an image. */
public sealed interface HeatmapMethod
        permits Cam, GradCam, GradCamPlusPlus, HiResCam, ScoreCam, Occlusion, Smoothed {

    /**
     * For titles and tables.
     *
     * @return such as {@code "Grad-CAM"}
     */
    String title();

    /**
     * Maps the evidence for a label.
     *
     * @param model network, head and labels
     * @param image any size; resized and cropped to the input of the network
     * @param label one of the model's labels; not necessarily the likeliest
     * @return the map, with raw values
     * @throws IllegalArgumentException if the label, or a layer that the method names, does not
     *     exist, or the network's input is too small for the method
     * @throws IllegalStateException if the network's activations or gradients are not finite
     */
    Heatmap explain(ExplainedModel model, RasterImage image, String label);

    /**
     * Class activation map.
     *
     * @return the method
     */
    static HeatmapMethod cam() {
        return new Cam();
    }

    /**
     * Grad-CAM on the last feature map.
     *
     * @return the method
     */
    static HeatmapMethod gradCam() {
        return new GradCam();
    }

    /**
     * Grad-CAM++ on the last feature map.
     *
     * @return the method
     */
    static HeatmapMethod gradCamPlusPlus() {
        return new GradCamPlusPlus();
    }

    /**
     * HiResCAM on the last feature map.
     *
     * @return the method
     */
    static HeatmapMethod hiResCam() {
        return new HiResCam();
    }

    /**
     * Score-CAM.
     *
     * @param channels maximum number of channels, each of which costs a forward pass; positive
     * @return the method
     */
    static HeatmapMethod scoreCam(int channels) {
        return new ScoreCam(channels);
    }

    /**
     * Occlusion by zeros, measured by the probability.
     *
     * @param window side of the window, in pixels of the network's input
     * @param stride distance between windows, in pixels
     * @return the method, with options
     */
    static Occlusion occlusion(int window, int stride) {
        return new Occlusion(window, stride);
    }

    /**
     * Another method's map, smoothed by a Gaussian.
     *
     * @param method makes the map
     * @param sigma standard deviation in cells of the map, positive
     * @return the method
     */
    static HeatmapMethod smoothed(HeatmapMethod method, double sigma) {
        return new Smoothed(method, sigma);
    }
}
