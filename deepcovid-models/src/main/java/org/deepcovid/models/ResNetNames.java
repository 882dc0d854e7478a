package org.deepcovid.models;

import org.deepcovid.core.model.Backbone;

/** What weights files call the layers of residual networks. */
final class ResNetNames {

    private ResNetNames() {}

    /** torchvision and timm: as in the graph, but for the head. */
    static String torch(String layer) {
        return layer.equals(Backbone.LOGITS) ? "fc" : layer;
    }

    /** Keras Applications: {@code layer1.0.conv2} is {@code conv2_block1_2_conv}. */
    static String keras(String layer) {
        return keras(layer, "predictions");
    }

    /** The same with the head's name in the package that preceded TensorFlow's. */
    static String kerasProbs(String layer) {
        return keras(layer, "probs");
    }

    private static String keras(String layer, String head) {
        String[] parts = layer.split("\\.");
        if (parts.length == 1) {
            return switch (layer) {
                case "conv1" -> "conv1_conv";
                case "bn1" -> "conv1_bn";
                case Backbone.LOGITS -> head;
                default -> layer;
            };
        }
        return "conv%d_block%d_%s"
                .formatted(stage(parts) + 1, index(parts) + 1, unit(parts).replace('.', '_'));
    }

    /** Keras before 2019: {@code layer1.0.conv2} is {@code res2a_branch2b}. */
    static String oldKeras(String layer) {
        String[] parts = layer.split("\\.");
        if (parts.length == 1) {
            return switch (layer) {
                case "bn1" -> "bn_conv1";
                case Backbone.LOGITS -> "fc1000";
                default -> layer;
            };
        }
        String unit = unit(parts);
        char number = unit.charAt(0);
        return "%s%d%c_branch%s"
                .formatted(
                        unit.endsWith("conv") ? "res" : "bn",
                        stage(parts) + 1,
                        (char) ('a' + index(parts)),
                        number == '0' ? "1" : "2" + (char) ('a' + number - '1'));
    }

    /** Such as {@code 2.conv}; the projection is number 0. */
    private static String unit(String[] parts) {
        if (parts[2].equals("downsample")) {
            return parts[3].equals("0") ? "0.conv" : "0.bn";
        }
        int last = parts[2].length() - 1;
        return parts[2].charAt(last) + "." + parts[2].substring(0, last);
    }

    private static int stage(String[] parts) {
        return Integer.parseInt(parts[0].substring("layer".length()));
    }

    private static int index(String[] parts) {
        return Integer.parseInt(parts[1]);
    }
}
