package org.deepcovid.benchmarks;

import java.nio.FloatBuffer;
import java.util.stream.Stream;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/** What is compared. */
enum Contender {
    /** The DL4J graph as DL4J runs it when nothing is configured. */
    DL4J_STOCK("dl4j-stock") {
        @Override
        void configure() {
            System.setProperty(DeepCovidRuntime.HELPERS_DISABLE, "true");
        }

        @Override
        Runner start(Backbone backbone) {
            return engine(InferenceEngine.graph(backbone));
        }
    },
    /** The DL4J graph with its oneDNN helpers. */
    DL4J_HELPERS("dl4j-helpers") {
        @Override
        Runner start(Backbone backbone) {
            return engine(InferenceEngine.graph(backbone));
        }
    },
    /** The compiled engine. */
    COMPILED("compiled") {
        @Override
        Runner start(Backbone backbone) {
            return engine(InferenceEngine.compiled(backbone));
        }
    },
    /** ONNX Runtime without this library around it: what the compiled engine could reach. */
    ONNX_RUNTIME("onnxruntime") {
        @Override
        Runner start(Backbone backbone) {
            return new BareOnnxRuntime(backbone);
        }
    };

    private final String id;

    Contender(String id) {
        this.id = id;
    }

    static Contender named(String id) {
        return Stream.of(values())
                .filter(contender -> contender.id.equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no engine '%s'; expected one of %s"
                                                .formatted(
                                                        id,
                                                        Stream.of(values())
                                                                .map(c -> c.id)
                                                                .toList())));
    }

    /** Sets what must be set before anything starts. */
    void configure() {
        System.setProperty(DeepCovidRuntime.HELPERS_DISABLE, "false");
    }

    abstract Runner start(Backbone backbone);

    /** Computes the features of a batch. */
    interface Runner extends AutoCloseable {
        Object run(FloatBuffer images);

        @Override
        void close();
    }

    private static Runner engine(InferenceEngine engine) {
        return new Runner() {
            @Override
            public Object run(FloatBuffer images) {
                return engine.features(images);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }
}
