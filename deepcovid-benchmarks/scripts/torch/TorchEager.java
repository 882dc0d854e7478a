import static org.bytedeco.pytorch.global.torch.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * What torch_eager.py measures, where no Python has PyTorch: its library is called from Java. Every
 * intermediate tensor is released as soon as Python would release it.
 *
 * <p>Arguments: names of networks and batch sizes, each with commas in between, and seconds.
 */
public final class TorchEager {

    private static final Map<String, MemoryFormat> LAYOUTS =
            new TreeMap<>(
                    Map.of(
                            "torch-eager", MemoryFormat.Contiguous,
                            "torch-channels-last", MemoryFormat.ChannelsLast));

    /** Takes over its input and closes it. */
    interface Layer {
        Tensor run(Tensor input);
    }

    private static final long[] ONE = {1, 1};
    private static final TensorOptional NONE = new TensorOptional();

    private final MemoryFormat layout;

    private TorchEager(MemoryFormat layout) {
        this.layout = layout;
    }

    public static void main(String[] args) {
        int processors = Runtime.getRuntime().availableProcessors();
        System.out.printf("# torch by %s, %d threads, and 1%n", library(), processors);
        for (String network : args[0].split(",")) {
            for (String batch : args[1].split(",")) {
                for (int threads : new int[] {processors, 1}) {
                    set_num_threads(threads);
                    String suffix = threads == 1 ? "-1-thread" : "";
                    for (String layout : LAYOUTS.keySet()) {
                        System.out.println(
                                String.join(",", network, layout + suffix, batch)
                                        + measure(
                                                network,
                                                LAYOUTS.get(layout),
                                                Integer.parseInt(batch),
                                                Double.parseDouble(args[2])));
                    }
                }
            }
        }
    }

    private static String library() {
        String path = Tensor.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Images a second, milliseconds a batch, and the mean's standard error. */
    private static String measure(String network, MemoryFormat layout, int batch, double seconds) {
        try (InferenceMode mode = new InferenceMode()) {
            manual_seed(0);
            Layer layers = new TorchEager(layout).network(network);
            Tensor images = randn(batch, 3, 224, 224).contiguous(layout);
            double[] times = milliseconds(layers, images, seconds);
            double mean = Arrays.stream(times).average().orElseThrow();
            double squares = Arrays.stream(times).map(t -> (t - mean) * (t - mean)).sum();
            double error = Math.sqrt(squares / (times.length - 1.0) / times.length);
            return String.format(Locale.ROOT, ",%.2f,%.3f,%.3f", batch * 1000 / mean, mean, error);
        }
    }

    /** Times of single batches, after two that do not count. */
    private static double[] milliseconds(Layer layers, Tensor images, double seconds) {
        layers.run(images.alias()).close();
        layers.run(images.alias()).close();
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (times.size() < 3 || System.nanoTime() < end) {
            long start = System.nanoTime();
            layers.run(images.alias()).close();
            times.add((System.nanoTime() - start) / 1e6);
        }
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private Layer network(String name) {
        List<Layer> layers =
                switch (name) {
                    case "squeezenet" -> squeezenet();
                    case "resnet18" -> resnet(new int[] {2, 2, 2, 2}, 1);
                    case "resnet50" -> resnet(new int[] {3, 4, 6, 3}, 4);
                    case "densenet121" -> densenet();
                    default -> throw new IllegalArgumentException("no such network: " + name);
                };
        layers.add(releasing(x -> adaptive_avg_pool2d(x, 1, 1)));
        return sequence(layers.toArray(Layer[]::new));
    }

    private static Layer releasing(Layer layer) {
        return x -> {
            try (x) {
                return layer.run(x);
            }
        };
    }

    private static Layer sequence(Layer... layers) {
        return input -> {
            Tensor x = input;
            for (Layer layer : layers) {
                x = layer.run(x);
            }
            return x;
        };
    }

    private Layer conv(int in, int out, int kernel, int stride, int padding, boolean bias) {
        Scalar scale = new Scalar(Math.sqrt(2.0 / (in * kernel * kernel)));
        Tensor weights = randn(out, in, kernel, kernel).mul_(scale).contiguous(layout);
        TensorOptional biases = bias ? new TensorOptional(randn(out)) : NONE;
        long[] strides = {stride, stride};
        long[] paddings = {padding, padding};
        return releasing(x -> conv2d(x, weights, biases, strides, paddings, ONE, 1));
    }

    private static Layer norm(int channels) {
        TensorOptional one = new TensorOptional(ones(channels));
        TensorOptional zero = new TensorOptional(zeros(channels));
        return releasing(x -> batch_norm(x, one, zero, zero, one, false, 0.1, 1e-5, true));
    }

    private static Layer relu() {
        return x -> {
            relu_(x);
            return x;
        };
    }

    private static Layer maxPool(int padding, boolean ceil) {
        long[] paddings = {padding, padding};
        return releasing(
                x -> max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, paddings, ONE, ceil));
    }

    private Layer convNorm(int in, int out, int kernel, int stride) {
        return sequence(conv(in, out, kernel, stride, kernel / 2, false), norm(out));
    }

    private Layer residual(int in, int width, int out, int stride) {
        Layer main =
                out == width
                        ? sequence(
                                convNorm(in, width, 3, stride),
                                relu(),
                                convNorm(width, width, 3, 1))
                        : sequence(
                                convNorm(in, width, 1, 1),
                                relu(),
                                convNorm(width, width, 3, stride),
                                relu(),
                                convNorm(width, out, 1, 1));
        Layer shortcut = stride == 1 && in == out ? x -> x : convNorm(in, out, 1, stride);
        return x -> {
            Tensor sum = main.run(x.alias());
            try (Tensor side = shortcut.run(x)) {
                sum.add_(side);
            }
            relu_(sum);
            return sum;
        };
    }

    private List<Layer> resnet(int[] depths, int expansion) {
        List<Layer> layers =
                new ArrayList<>(List.of(convNorm(3, 64, 7, 2), relu(), maxPool(1, false)));
        int channels = 64;
        for (int stage = 0; stage < 4; stage++) {
            int width = 64 << stage;
            for (int block = 0; block < depths[stage]; block++) {
                layers.add(
                        residual(
                                channels,
                                width,
                                width * expansion,
                                stage > 0 && block == 0 ? 2 : 1));
                channels = width * expansion;
            }
        }
        return layers;
    }

    private static Tensor join(Tensor a, Tensor b) {
        try (a;
                b;
                TensorVector both = new TensorVector(a, b)) {
            return cat(both, 1);
        }
    }

    private Layer fire(int in, int squeeze, int expand) {
        Layer first = sequence(conv(in, squeeze, 1, 1, 0, true), relu());
        Layer one = sequence(conv(squeeze, expand, 1, 1, 0, true), relu());
        Layer three = sequence(conv(squeeze, expand, 3, 1, 1, true), relu());
        return input -> {
            Tensor x = first.run(input);
            Tensor left = one.run(x.alias());
            return join(left, three.run(x));
        };
    }

    private List<Layer> squeezenet() {
        List<Layer> layers = new ArrayList<>(List.of(conv(3, 64, 3, 2, 0, true), relu()));
        int[][] fires = {
            {16, 64, 1},
            {16, 64, 0},
            {32, 128, 1},
            {32, 128, 0},
            {48, 192, 1},
            {48, 192, 0},
            {64, 256, 0},
            {64, 256, 0}
        };
        int channels = 64;
        for (int[] fire : fires) {
            if (fire[2] == 1) {
                layers.add(maxPool(0, true));
            }
            layers.add(fire(channels, fire[0], fire[1]));
            channels = 2 * fire[1];
        }
        return layers;
    }

    private Layer dense(int in) {
        Layer layers =
                sequence(
                        norm(in),
                        relu(),
                        conv(in, 128, 1, 1, 0, false),
                        norm(128),
                        relu(),
                        conv(128, 32, 3, 1, 1, false));
        return x -> {
            Tensor added = layers.run(x.alias());
            return join(x, added);
        };
    }

    private List<Layer> densenet() {
        List<Layer> layers =
                new ArrayList<>(List.of(convNorm(3, 64, 7, 2), relu(), maxPool(1, false)));
        int channels = 64;
        int[] depths = {6, 12, 24, 16};
        for (int stage = 0; stage < 4; stage++) {
            for (int i = 0; i < depths[stage]; i++) {
                layers.add(dense(channels));
                channels += 32;
            }
            layers.add(norm(channels));
            layers.add(relu());
            if (stage < 3) {
                layers.add(conv(channels, channels / 2, 1, 1, 0, false));
                layers.add(releasing(x -> avg_pool2d(x, 2, 2)));
                channels /= 2;
            }
        }
        return layers;
    }
}
