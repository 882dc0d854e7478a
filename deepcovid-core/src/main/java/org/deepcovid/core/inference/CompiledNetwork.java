package org.deepcovid.core.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX Runtime session. Every run computes all outputs of its plan. */
final class CompiledNetwork implements AutoCloseable {

    private final NetworkPlan plan;
    private final OrtSession session;

    CompiledNetwork(NetworkPlan plan, NetworkParameters parameters, int threads) {
        this.plan = plan;
        try {
            this.session = OnnxRuntime.session(OnnxConverter.model(plan, parameters), threads);
        } catch (OrtException e) {
            throw new EngineException(
                    "the network could not be compiled by ONNX Runtime: " + e.getMessage(), e);
        }
    }

    /** Runs N images in a direct buffer. */
    Map<NetworkOutput, FloatTensor> run(
            FloatBuffer images, int batch, Set<NetworkOutput> requested) {
        Set<String> names =
                requested.stream().map(NetworkOutput::id).collect(Collectors.toUnmodifiableSet());
        List<Integer> extents = plan.inputShape().extents();
        long[] shape = {batch, extents.get(0), extents.get(1), extents.get(2)};
        try (OnnxTensor input = OnnxTensor.createTensor(OnnxRuntime.environment(), images, shape);
                OrtSession.Result result =
                        session.run(Map.of(OnnxConverter.IMAGES, input), names)) {
            Map<NetworkOutput, FloatTensor> results = new EnumMap<>(NetworkOutput.class);
            for (NetworkOutput output : requested) {
                results.put(output, tensor(result.get(output.id()).orElseThrow()));
            }
            return results;
        } catch (OrtException e) {
            throw new EngineException(
                    "ONNX Runtime failed on a batch of %d images: %s"
                            .formatted(batch, e.getMessage()),
                    e);
        }
    }

    private static FloatTensor tensor(OnnxValue value) {
        OnnxTensor tensor = (OnnxTensor) value;
        List<Integer> shape = new ArrayList<>();
        for (long extent : tensor.getInfo().getShape()) {
            shape.add(Math.toIntExact(extent));
        }
        return new FloatTensor(shape, tensor.getFloatBuffer().array());
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime could not release a network", e);
        }
    }
}
