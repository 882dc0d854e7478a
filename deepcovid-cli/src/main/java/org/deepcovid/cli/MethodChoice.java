package org.deepcovid.cli;

import java.util.Optional;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.EvidenceUnit;
import org.deepcovid.eval.explain.GradCam;
import org.deepcovid.eval.explain.GradCamPlusPlus;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HiResCam;
import org.deepcovid.eval.explain.Occlusion;
import org.deepcovid.eval.explain.OcclusionFill;
import org.deepcovid.eval.explain.ScoreCam;
import picocli.CommandLine.Option;

/** The heatmap methods by their names on the command line, and their options. */
public final class MethodChoice {

    /** Names on the command line. */
    public enum Name {
        /** {@link Cam}. */
        CAM,
        /** {@link GradCam}. */
        GRAD_CAM,
        /** {@link GradCamPlusPlus}. */
        GRAD_CAM_PP,
        /** {@link HiResCam}. */
        HI_RES_CAM,
        /** {@link ScoreCam}. */
        SCORE_CAM,
        /** {@link Occlusion}. */
        OCCLUSION
    }

    @Option(
            names = "--layer",
            description = "layer for GRAD_CAM, GRAD_CAM_PP and HI_RES_CAM (default: the last map)")
    private String layer;

    @Option(
            names = "--window",
            description =
                    "side of the occlusion window, in input pixels (default ${DEFAULT-VALUE})")
    private int window = 32;

    @Option(
            names = "--stride",
            description = "distance of occlusion windows (default ${DEFAULT-VALUE})")
    private int stride = 16;

    @Option(names = "--fill", description = "what occlusion covers with: ${COMPLETION-CANDIDATES}")
    private OcclusionFill fill = OcclusionFill.ZERO;

    @Option(
            names = "--measure",
            description = "what occlusion measures: PROBABILITY_DROP or LOGIT_DROP")
    private EvidenceUnit measure = EvidenceUnit.PROBABILITY_DROP;

    @Option(
            names = "--channels",
            description = "most channels that SCORE_CAM tries (default ${DEFAULT-VALUE})")
    private int channels = 64;

    /** The options' defaults, which the command line may replace. */
    public MethodChoice() {}

    /**
     * The method with the options given.
     *
     * @param name which one
     * @return the method; options of other methods are ignored
     */
    public HeatmapMethod method(Name name) {
        Optional<String> at = Optional.ofNullable(layer);
        return switch (name) {
            case CAM -> new Cam();
            case GRAD_CAM -> new GradCam(at);
            case GRAD_CAM_PP -> new GradCamPlusPlus(at);
            case HI_RES_CAM -> new HiResCam(at);
            case SCORE_CAM -> new ScoreCam(channels);
            case OCCLUSION -> new Occlusion(window, stride).withFill(fill).withMeasure(measure);
        };
    }
}
