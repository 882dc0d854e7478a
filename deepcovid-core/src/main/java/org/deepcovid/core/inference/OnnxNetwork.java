package org.deepcovid.core.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX Runtime session. */
final class OnnxNetwork implements NetworkCompiler.Compiled {

    /** Compiles by ONNX Runtime, in single precision. */
    static final NetworkCompiler COMPILER =
            new NetworkCompiler() {
                @Override
                public boolean supports(Precision precision) {
                    return precision == Precision.FLOAT32;
                }

                @Override
                public boolean accelerates(Precision precision) {
                    return false;
                }

                @Override
                public String runtime(Precision precision) {
                    return OnnxRuntime.name();
                }

                @Override
                public Compiled compile(
                        NetworkPlan plan,
                        NetworkParameters parameters,
                        Precision precision,
                        int threads) {
                    return new OnnxNetwork(plan, parameters, threads);
                }
            };

    private final NetworkPlan plan;
    private final OrtSession session;

    private OnnxNetwork(NetworkPlan plan, NetworkParameters parameters, int threads) {
        this.plan = plan;
        try {
            this.session = OnnxRuntime.session(OnnxConverter.model(plan, parameters), threads);
        } catch (OrtException e) {
            throw new EngineException(
                    "the network could not be compiled by ONNX Runtime: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<NetworkOutput, float[]> run(
            FloatBuffer images, int batch, Set<NetworkOutput> requested) {
        Set<String> names =
                requested.stream().map(NetworkOutput::id).collect(Collectors.toUnmodifiableSet());
        List<Integer> extents = plan.inputShape().extents();
        long[] shape = {batch, extents.get(0), extents.get(1), extents.get(2)};
        try (OnnxTensor input = OnnxTensor.createTensor(OnnxRuntime.environment(), images, shape);
                OrtSession.Result result =
                        session.run(Map.of(OnnxConverter.IMAGES, input), names)) {
            Map<NetworkOutput, float[]> results = new EnumMap<>(NetworkOutput.class);
            for (NetworkOutput output : requested) {
                OnnxTensor tensor = (OnnxTensor) result.get(output.id()).orElseThrow();
                results.put(output, tensor.getFloatBuffer().array());
            }
            return results;
        } catch (OrtException e) {
            throw new EngineException(
                    "ONNX Runtime failed on a batch of %d images: %s"
                            .formatted(batch, e.getMessage()),
                    e);
        }
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
