package org.deepcovid.models;

import java.util.List;
import org.deepcovid.models.GraphAssembly.Conv;

/**
 * The parts that residual networks share (He et al., 2016, DOI 10.1109/CVPR.2016.90): stem, stages,
 * and the two kinds of blocks. Layers are named as in torchvision; a block's output carries the
 * block's own name, such as {@code layer4.1}.
 *
 * @param graph where the vertices go
 * @param bias whether convolutions have biases
 * @param strideFirst whether a bottleneck strides in its first 1x1 convolution, as in Keras
 *     Applications, or in its 3x3 convolution, as in torchvision
 */
record ResNetBlocks(GraphAssembly graph, boolean bias, boolean strideFirst) {

    /** Channels of the four stages, before a bottleneck's expansion. */
    private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512);

    /** A bottleneck gives this many times its width. */
    static final int EXPANSION = 4;

    /** One residual block. */
    private interface Block {
        String add(String name, int width, int stride, boolean projected, String input);
    }

    /** The convolution, normalisation and pooling before the first stage. */
    String stem() {
        String x = graph.conv("conv1", new Conv(64, 7, 2, 3, bias), GraphAssembly.IMAGES);
        x = graph.relu("relu", graph.batchNorm("bn1", x));
        return graph.maxPool("maxpool", 3, 2, 1, x);
    }

    /** Four stages of blocks of two 3x3 convolutions; gives the last block's name. */
    String basicStages(List<Integer> depths, String input) {
        return stages(depths, this::basicBlock, false, input);
    }

    /** Four stages of blocks of 1x1, 3x3 and 1x1 convolutions; gives the last block's name. */
    String bottleneckStages(List<Integer> depths, String input) {
        return stages(depths, this::bottleneck, true, input);
    }

    private String stages(List<Integer> depths, Block block, boolean firstWidens, String input) {
        String x = input;
        for (int stage = 0; stage < WIDTHS.size(); stage++) {
            for (int i = 0; i < depths.get(stage); i++) {
                boolean strided = i == 0 && stage > 0;
                boolean projected = strided || (i == 0 && firstWidens);
                String name = "layer%d.%d".formatted(stage + 1, i);
                x = block.add(name, WIDTHS.get(stage), strided ? 2 : 1, projected, x);
            }
        }
        return x;
    }

    private String basicBlock(String name, int width, int stride, boolean projected, String input) {
        String x = unit(name, 1, new Conv(width, 3, stride, 1, bias), input);
        x = graph.relu(name + ".relu1", x);
        x = unit(name, 2, new Conv(width, 3, 1, 1, bias), x);
        return close(name, x, projected ? projection(name, width, stride, input) : input);
    }

    private String bottleneck(String name, int width, int stride, boolean projected, String input) {
        int first = strideFirst ? stride : 1;
        String x = unit(name, 1, new Conv(width, 1, first, 0, bias), input);
        x = graph.relu(name + ".relu1", x);
        x = unit(name, 2, new Conv(width, 3, stride / first, 1, bias), x);
        x = graph.relu(name + ".relu2", x);
        x = unit(name, 3, new Conv(width * EXPANSION, 1, 1, 0, bias), x);
        return close(
                name, x, projected ? projection(name, width * EXPANSION, stride, input) : input);
    }

    private String unit(String block, int number, Conv shape, String input) {
        return graph.batchNorm(
                block + ".bn" + number, graph.conv(block + ".conv" + number, shape, input));
    }

    private String projection(String block, int channels, int stride, String input) {
        String x =
                graph.conv(block + ".downsample.0", new Conv(channels, 1, stride, 0, bias), input);
        return graph.batchNorm(block + ".downsample.1", x);
    }

    private String close(String block, String residual, String shortcut) {
        return graph.relu(block, graph.add(block + ".add", residual, shortcut));
    }
}
