package org.deepcovid.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkParameters;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.OnnxExport;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/** The feature part of a network with ONNX Runtime's defaults; outputs stay native. */
final class BareOnnxRuntime implements Contender.Runner {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final int inputSize;

    BareOnnxRuntime(Backbone backbone) {
        this.inputSize = backbone.spec().inputSize();
        NetworkPlan plan = NetworkPlan.of(backbone).reducedTo(Set.of(NetworkOutput.FEATURES));
        byte[] model =
                OnnxExport.of(plan, NetworkParameters.of(backbone), backbone.spec().normalization())
                        .toBytes();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(DeepCovidRuntime.threads());
            this.session = environment.createSession(model, options);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refused the model", e);
        }
    }

    @Override
    public Object run(FloatBuffer images) {
        long[] shape = {images.remaining() / (3L * inputSize * inputSize), 3, inputSize, inputSize};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, images, shape);
                OrtSession.Result result = session.run(Map.of(OnnxExport.IMAGES, input))) {
            return result.size();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not release the model", e);
        }
    }
}
