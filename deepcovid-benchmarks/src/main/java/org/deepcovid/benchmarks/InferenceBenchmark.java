package org.deepcovid.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time to the pooled features of one batch of images that are already normalised. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx4g"})
public class InferenceBenchmark {

    /** Name in {@link Backbones}. */
    @Param({"squeezenet", "resnet18", "resnet50", "densenet121"})
    public String network;

    /** Name of a {@link Contender}. */
    @Param({"dl4j-stock", "dl4j-helpers", "compiled", "onnxruntime"})
    public String engine;

    /** Images of a batch. */
    @Param({"1", "20"})
    public int batch;

    /** Folder of weights files whose names begin with the network's. */
    @Param("../shared/weights")
    public String weights;

    private Backbone backbone;
    private Contender.Runner runner;
    private FloatBuffer images;

    /** For JMH, which sets the parameters afterwards. */
    public InferenceBenchmark() {}

    /** Loads the network. */
    @Setup(Level.Trial)
    public void load() {
        Contender contender = Contender.named(engine);
        contender.configure();
        backbone = Backbones.load(network, WeightsFolder.find(Path.of(weights), network));
        runner = contender.start(backbone);
        images = images(batch, backbone.spec().inputSize());
    }

    static FloatBuffer images(int batch, int size) {
        int count = batch * 3 * size * size;
        FloatBuffer images =
                ByteBuffer.allocateDirect(count * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            images.put(i, (float) random.nextGaussian());
        }
        return images;
    }

    /** Releases the network. */
    @TearDown(Level.Trial)
    public void close() {
        runner.close();
        backbone.close();
    }

    /** One batch; the features are returned so that nothing is optimised away. */
    @Benchmark
    public Object features() {
        return runner.run(images);
    }
}
