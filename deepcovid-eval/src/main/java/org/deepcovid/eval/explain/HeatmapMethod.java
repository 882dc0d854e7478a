package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.image.RasterImage;

/** A method that computes the evidence for a label at each place of an image. */
public sealed interface HeatmapMethod {

    /** Name for titles and tables, such as {@code "Grad-CAM"}. */
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
     * Class activation map: each channel of the last feature map, weighted as the head weights its
     * mean. The mean of the map plus the head's bias is the logit. One forward pass.
     *
     * <p>Zhou et al. (2016), Learning Deep Features for Discriminative Localization, DOI
     * 10.1109/CVPR.2016.319.
     */
    static HeatmapMethod cam() {
        return new LayerCam(Weighting.CAM, Optional.empty());
    }

    /**
     * Grad-CAM on the last feature map, where the gradients follow from the head's weights and
     * where it equals CAM up to a factor.
     */
    static HeatmapMethod gradCam() {
        return new LayerCam(Weighting.GRAD_CAM, Optional.empty());
    }

    /**
     * Grad-CAM: a layer's channels, each weighted by the mean of the logit's gradient over the
     * channel. The published method ends with a ReLU; here {@link HeatmapScaling} does that, so
     * that evidence against the label stays in the raw values.
     *
     * <p>Selvaraju et al. (2017), Grad-CAM: Visual Explanations from Deep Networks via
     * Gradient-Based Localization, DOI 10.1109/ICCV.2017.74.
     *
     * @param layer name of a vertex of the network's graph whose output is a feature map
     */
    static HeatmapMethod gradCam(String layer) {
        return new LayerCam(Weighting.GRAD_CAM, Optional.of(layer));
    }

    /** Grad-CAM++ on the last feature map. */
    static HeatmapMethod gradCamPlusPlus() {
        return new LayerCam(Weighting.GRAD_CAM_PLUS_PLUS, Optional.empty());
    }

    /**
     * Grad-CAM++: a layer's channels, each weighted by a weighted sum of its positive gradients, in
     * which several occurrences of a feature count equally. As in the paper, the score is the
     * exponential of the logit; its value, a common factor, is left out.
     *
     * <p>Chattopadhay et al. (2018), Grad-CAM++: Generalized Gradient-Based Visual Explanations for
     * Deep Convolutional Networks, DOI 10.1109/WACV.2018.00097.
     *
     * @param layer name of a vertex whose output is a feature map without negative values (so after
     *     a ReLU), which the weights assume
     */
    static HeatmapMethod gradCamPlusPlus(String layer) {
        return new LayerCam(Weighting.GRAD_CAM_PLUS_PLUS, Optional.of(layer));
    }

    /** HiResCAM on the last feature map, where it equals Grad-CAM. */
    static HeatmapMethod hiResCam() {
        return new LayerCam(Weighting.HI_RES_CAM, Optional.empty());
    }

    /**
     * HiResCAM: activations times their own gradients, summed over the channels: the contribution
     * of each place of a layer to the logit, to first order.
     *
     * <p>Draelos and Carin (2020), Use HiResCAM instead of Grad-CAM for faithful explanations of
     * convolutional neural networks, arXiv:2011.08891.
     *
     * @param layer name of a vertex of the network's graph whose output is a feature map
     */
    static HeatmapMethod hiResCam(String layer) {
        return new LayerCam(Weighting.HI_RES_CAM, Optional.of(layer));
    }

    /**
     * Score-CAM: the last feature map's channels, each weighted by the logit of the image masked by
     * that channel. One forward pass per channel.
     *
     * <p>Wang et al. (2020), Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural
     * Networks, DOI 10.1109/CVPRW50498.2020.00020.
     *
     * @param channels maximum number of channels, positive; those with the widest range of
     *     activations are used
     */
    static HeatmapMethod scoreCam(int channels) {
        return new ScoreCam(channels);
    }

    /**
     * Occlusion by zeros, measured by the probability, as in Minaee et al. (2020), DOI
     * 10.1016/j.media.2020.101794.
     *
     * @param window side of the window, in pixels of the network's input
     * @param stride distance between windows, in pixels
     */
    static Occlusion occlusion(int window, int stride) {
        return new Occlusion(
                window,
                stride,
                OcclusionFill.ZERO,
                EvidenceUnit.PROBABILITY_DROP,
                Occlusion.DEFAULT_BATCH);
    }

    /**
     * Another method's map, smoothed by a Gaussian: a single high cell, at a letter or an edge,
     * then weighs less than an area of many high cells.
     *
     * @param sigma standard deviation in cells of the map, positive
     */
    static HeatmapMethod smoothed(HeatmapMethod method, double sigma) {
        return new Smoothed(method, sigma);
    }

    /** How the gradients of a logit weight the channels of a layer. */
    enum Weighting {
        /** By their sum: {@link HeatmapMethod#cam()}. */
        CAM("CAM"),
        /** By their mean: {@link HeatmapMethod#gradCam(String)}. */
        GRAD_CAM("Grad-CAM"),
        /** By their positive parts: {@link HeatmapMethod#gradCamPlusPlus(String)}. */
        GRAD_CAM_PLUS_PLUS("Grad-CAM++"),
        /** Cell by cell: {@link HeatmapMethod#hiResCam(String)}. */
        HI_RES_CAM("HiResCAM");

        private final String title;

        Weighting(String title) {
            this.title = title;
        }

        private EvidenceGrid map(LayerEvidence evidence) {
            return switch (this) {
                case CAM -> evidence.cam();
                case GRAD_CAM -> evidence.gradCam();
                case GRAD_CAM_PLUS_PLUS -> evidence.gradCamPlusPlus();
                case HI_RES_CAM -> evidence.hiResCam();
            };
        }

        private EvidenceUnit unit(boolean lastMap) {
            return switch (this) {
                case CAM -> EvidenceUnit.LOGIT;
                case GRAD_CAM -> lastMap ? EvidenceUnit.LOGIT_SHARE : EvidenceUnit.RELATIVE;
                case GRAD_CAM_PLUS_PLUS -> EvidenceUnit.RELATIVE;
                case HI_RES_CAM -> EvidenceUnit.LOGIT_SHARE;
            };
        }
    }

    /**
     * A map of one layer.
     *
     * @param weighting of the channels
     * @param layer name of a vertex of the network's graph; empty for the last feature map, whose
     *     gradients need no backpropagation
     */
    record LayerCam(Weighting weighting, Optional<String> layer) implements HeatmapMethod {

        public LayerCam {
            requireNonNull(weighting, "weighting is null");
            if (weighting == Weighting.CAM && layer.isPresent()) {
                throw new IllegalArgumentException(
                        "CAM at layer '%s'; expected the last feature map (use Grad-CAM for others)"
                                .formatted(layer.get()));
            }
        }

        @Override
        public String title() {
            return weighting.title + layer.map(name -> " at " + name).orElse("");
        }

        @Override
        public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
            int index = model.indexOf(label);
            ExplainedModel.Input input = model.prepare(image);
            ExplainedModel.Output output = model.output(layer, input, index);
            return new Heatmap(
                    title(),
                    label,
                    output.probabilities()[index],
                    weighting.map(output.map()),
                    weighting.unit(layer.isEmpty()),
                    model.centres(layer.orElse(model.spec().camLayer()), output.map().width()),
                    input.placement());
        }
    }

    /**
     * See {@link HeatmapMethod#scoreCam}.
     *
     * @param channels maximum number of channels, positive
     */
    record ScoreCam(int channels) implements HeatmapMethod {

        public ScoreCam {
            if (channels <= 0) {
                throw new IllegalArgumentException(
                        "channels is %d; expected a positive number".formatted(channels));
            }
        }

        @Override
        public String title() {
            return "Score-CAM";
        }

        @Override
        public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
            return ScoreCamRun.explain(this, model, image, label);
        }
    }

    /**
     * Occlusion: a window moves over the image and covers it; the evidence at a place is the score
     * that is lost when it is covered. Windows start at the upper left corner; the last of a row
     * and of a column is moved back to end at the border, so that every pixel is covered.
     *
     * <p>Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks, DOI
     * 10.1007/978-3-319-10590-1_53.
     *
     * @param window side of the window, in pixels of the network's input, positive
     * @param stride distance between windows, in pixels, from 1 to the window's side
     * @param fill content of the covered window
     * @param measure unit of the map: {@link EvidenceUnit#PROBABILITY_DROP} or {@link
     *     EvidenceUnit#LOGIT_DROP}
     * @param batchSize covered copies that are scored at a time, positive
     */
    record Occlusion(
            int window, int stride, OcclusionFill fill, EvidenceUnit measure, int batchSize)
            implements HeatmapMethod {

        private static final int DEFAULT_BATCH = 24;

        public Occlusion {
            requireNonNull(fill, "fill is null");
            requireNonNull(measure, "measure is null");
            if (window <= 0 || stride <= 0 || stride > window || batchSize <= 0) {
                throw new IllegalArgumentException(
                        "window %d, stride %d, batch %d; expected positive numbers, stride up to window"
                                .formatted(window, stride, batchSize));
            }
            if (measure != EvidenceUnit.PROBABILITY_DROP && measure != EvidenceUnit.LOGIT_DROP) {
                throw new IllegalArgumentException(
                        "measure is %s; expected probability-drop or logit-drop"
                                .formatted(measure));
            }
        }

        public Occlusion withFill(OcclusionFill newFill) {
            return new Occlusion(window, stride, newFill, measure, batchSize);
        }

        public Occlusion withMeasure(EvidenceUnit newMeasure) {
            return new Occlusion(window, stride, fill, newMeasure, batchSize);
        }

        @Override
        public String title() {
            String measured = measure == EvidenceUnit.LOGIT_DROP ? ", logit" : "";
            return "Occlusion by %d-pixel squares, %s%s".formatted(window, fill, measured);
        }

        @Override
        public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
            return occlude(model, image, label).map(measure);
        }

        /**
         * Covers every part of an image in turn.
         *
         * @return the maps in both units, and every window
         * @throws IllegalArgumentException if the label does not exist or the network's input is
         *     smaller than the window
         * @throws IllegalStateException if a logit is not finite
         */
        public OcclusionResult occlude(ExplainedModel model, RasterImage image, String label) {
            return new OcclusionRun(this, model, image, label).result();
        }
    }

    /**
     * See {@link HeatmapMethod#smoothed}.
     *
     * @param method makes the map
     * @param sigma standard deviation of the Gaussian, in cells of the map, positive
     */
    record Smoothed(HeatmapMethod method, double sigma) implements HeatmapMethod {

        public Smoothed {
            requireNonNull(method, "method is null");
            if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "sigma is %s; expected a positive number of cells".formatted(sigma));
            }
        }

        @Override
        public String title() {
            return "%s, smoothed %s".formatted(method.title(), HeatmapOverlay.number(sigma));
        }

        @Override
        public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
            Heatmap map = method.explain(model, image, label);
            return new Heatmap(
                    title(),
                    map.label(),
                    map.score(),
                    map.raw().smoothed(sigma),
                    map.unit(),
                    map.cells(),
                    map.placement());
        }
    }
}
