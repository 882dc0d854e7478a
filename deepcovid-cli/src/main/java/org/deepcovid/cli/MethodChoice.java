package org.deepcovid.cli;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.eval.explain.EvidenceUnit;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.OcclusionFill;
import picocli.CommandLine.Option;

/** The heatmap methods and their options. */
final class MethodChoice {

    /** Names on the command line: in lower case, with dashes. */
    enum Name {
        CAM,
        GRAD_CAM,
        GRAD_CAM_PP,
        HI_RES_CAM,
        SCORE_CAM,
        OCCLUSION;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static final class Measures implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(EvidenceUnit.PROBABILITY_DROP, EvidenceUnit.LOGIT_DROP)
                    .map(EvidenceUnit::toString)
                    .iterator();
        }
    }

    private static final List<Name> LAYERED =
            List.of(Name.GRAD_CAM, Name.GRAD_CAM_PP, Name.HI_RES_CAM);

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "METHOD",
            description = "some of ${COMPLETION-CANDIDATES} (default cam,occlusion)")
    private List<Name> methods = List.of(Name.CAM, Name.OCCLUSION);

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            description =
                    "layer of grad-cam, grad-cam-pp and hi-res-cam (default: the last feature map)")
    private String layer;

    @Option(
            names = "--window",
            paramLabel = "PIXELS",
            description =
                    "side of the occlusion window, in input pixels (default ${DEFAULT-VALUE})")
    private int window = 32;

    @Option(
            names = "--stride",
            paramLabel = "PIXELS",
            description =
                    "distance between occlusion windows, in input pixels (default"
                            + " ${DEFAULT-VALUE})")
    private int stride = 16;

    @Option(
            names = "--fill",
            paramLabel = "FILL",
            description =
                    "fill of the occlusion window: ${COMPLETION-CANDIDATES} (default"
                            + " ${DEFAULT-VALUE})")
    private OcclusionFill fill = OcclusionFill.ZERO;

    @Option(
            names = "--measure",
            paramLabel = "MEASURE",
            completionCandidates = Measures.class,
            description =
                    "what occlusion measures: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private EvidenceUnit measure = EvidenceUnit.PROBABILITY_DROP;

    @Option(
            names = "--channels",
            paramLabel = "N",
            description = "maximum number of channels of score-cam (default ${DEFAULT-VALUE})")
    private int channels = 64;

    /** Names options of methods that are not chosen. */
    void check(Subcommand command) {
        if (!methods.contains(Name.OCCLUSION)) {
            command.withoutEffect(
                    "--methods has no occlusion", "--window", "--stride", "--fill", "--measure");
        }
        if (!methods.contains(Name.SCORE_CAM)) {
            command.withoutEffect("--methods has no score-cam", "--channels");
        }
        if (Collections.disjoint(methods, LAYERED)) {
            command.withoutEffect(
                    "--methods has none of " + LAYERED + ", which explain a layer", "--layer");
        }
    }

    /**
     * The chosen methods by name, in the order given; options of other methods have no effect.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    Map<String, HeatmapMethod> methods() {
        Map<String, HeatmapMethod> chosen = new LinkedHashMap<>();
        methods.forEach(name -> chosen.put(name.toString(), method(name)));
        return chosen;
    }

    private HeatmapMethod method(Name name) {
        Optional<String> at = Optional.ofNullable(layer);
        return switch (name) {
            case CAM -> HeatmapMethod.cam();
            case GRAD_CAM -> at.map(HeatmapMethod::gradCam).orElseGet(HeatmapMethod::gradCam);
            case GRAD_CAM_PP ->
                    at.map(HeatmapMethod::gradCamPlusPlus)
                            .orElseGet(HeatmapMethod::gradCamPlusPlus);
            case HI_RES_CAM -> at.map(HeatmapMethod::hiResCam).orElseGet(HeatmapMethod::hiResCam);
            case SCORE_CAM -> HeatmapMethod.scoreCam(channels);
            case OCCLUSION ->
                    HeatmapMethod.occlusion(window, stride).withFill(fill).withMeasure(measure);
        };
    }
}
