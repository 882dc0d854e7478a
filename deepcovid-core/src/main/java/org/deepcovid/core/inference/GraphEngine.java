package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a backbone's own DL4J graph. Changes of the graph's parameters take effect at once. Closing
 * the engine leaves the backbone open.
 */
final class GraphEngine implements InferenceEngine {

    private final Backbone backbone;
    private final ActivationShape imageShape;
    private final Set<NetworkOutput> outputs;
    private final EngineReport report;
    private volatile boolean closed;

    GraphEngine(Backbone backbone, String reason) {
        RuntimeEnvironment environment = DeepCovidRuntime.initialise();
        this.backbone = requireNonNull(backbone, "backbone is null");
        int size = backbone.spec().inputSize();
        this.imageShape = ActivationShape.map(3, size, size);
        boolean head = backbone.graph().getVertex(Backbone.LOGITS) != null;
        this.outputs =
                Collections.unmodifiableSet(
                        head
                                ? EnumSet.allOf(NetworkOutput.class)
                                : EnumSet.of(NetworkOutput.FEATURE_MAP, NetworkOutput.FEATURES));
        this.report =
                new EngineReport(
                        EngineReport.Kind.GRAPH,
                        "DL4J on "
                                + environment.backend()
                                + (environment.oneDnn() ? " with oneDNN helpers" : ""),
                        environment.threads(),
                        reason);
    }

    @Override
    public List<Integer> imageShape() {
        return imageShape.extents();
    }

    @Override
    public Set<NetworkOutput> outputs() {
        return outputs;
    }

    @Override
    public Optional<NetworkPlan.CellCentres> featureMapCentres() {
        return NetworkPlan.centres(backbone, backbone.spec().camLayer());
    }

    @Override
    public EngineReport report() {
        return report;
    }

    @Override
    public Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested) {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        EngineInput.requireKnown(requested, outputs);
        INDArray input = array(images);
        Map<NetworkOutput, FloatTensor> results = new EnumMap<>(NetworkOutput.class);
        if (requested.contains(NetworkOutput.FEATURE_MAP)) {
            Backbone.Trace trace = backbone.trace(input);
            results.put(NetworkOutput.FEATURE_MAP, tensor(trace.map()));
            results.put(NetworkOutput.FEATURES, tensor(trace.pooled()));
        } else if (requested.contains(NetworkOutput.FEATURES)) {
            results.put(NetworkOutput.FEATURES, tensor(backbone.features(input)));
        }
        if (requested.contains(NetworkOutput.LOGITS)) {
            results.put(NetworkOutput.LOGITS, tensor(backbone.logits(input).orElseThrow()));
        }
        results.keySet().retainAll(requested);
        return results;
    }

    /** The backbone checks that the values are finite. */
    private INDArray array(FloatBuffer images) {
        int batch = EngineInput.batch(images, imageShape);
        float[] values = new float[images.remaining()];
        images.duplicate().get(values);
        List<Integer> extents = imageShape.extents();
        long[] shape =
                LongStream.concat(
                                LongStream.of(batch),
                                extents.stream().mapToLong(Integer::longValue))
                        .toArray();
        return Nd4j.create(values, shape, 'c');
    }

    private static FloatTensor tensor(INDArray array) {
        List<Integer> shape = LongStream.of(array.shape()).mapToObj(Math::toIntExact).toList();
        return new FloatTensor(shape, array.dup('c').data().asFloat());
    }

    @Override
    public void close() {
        closed = true;
    }
}
