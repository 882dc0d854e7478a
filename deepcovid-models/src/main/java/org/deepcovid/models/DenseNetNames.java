package org.deepcovid.models;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepcovid.core.model.Backbone;

/** What weights files call the layers of densely connected networks. */
final class DenseNetNames {

    private static final Pattern DENSE_LAYER =
            Pattern.compile("denseblock(\\d+)\\.denselayer(\\d+)\\.(norm|conv)([12])");
    private static final Pattern TRANSITION = Pattern.compile("transition(\\d+)\\.(norm|conv)");

    private DenseNetNames() {}

    /** torchvision and timm. */
    static String torch(String layer) {
        return layer.equals(Backbone.LOGITS) ? "classifier" : "features." + layer;
    }

    /**
     * Keras Applications: {@code denseblock1.denselayer2.norm1} is {@code conv2_block2_0_bn}.
     *
     * @param stem what the names of the first two layers begin with
     * @param head name of the last layer
     */
    static String keras(String layer, String stem, String head) {
        Matcher dense = DENSE_LAYER.matcher(layer);
        if (dense.matches()) {
            boolean norm = dense.group(3).equals("norm");
            return "conv%d_block%s_%d_%s"
                    .formatted(
                            Integer.parseInt(dense.group(1)) + 1,
                            dense.group(2),
                            Integer.parseInt(dense.group(4)) - (norm ? 1 : 0),
                            norm ? "bn" : "conv");
        }
        Matcher transition = TRANSITION.matcher(layer);
        if (transition.matches()) {
            int number = Integer.parseInt(transition.group(1)) + 1;
            return "pool" + number + "_" + (transition.group(2).equals("norm") ? "bn" : "conv");
        }
        return switch (layer) {
            case "conv0" -> stem + "conv";
            case "norm0" -> stem + "bn";
            case "norm5" -> "bn";
            case Backbone.LOGITS -> head;
            default -> layer;
        };
    }
}
