package org.deepcovid.benchmarks;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.onednn.OneDnnCompiler;

/** The engines that are compared. */
enum Contender {
    /** The DL4J graph as DL4J runs it when nothing is configured. */
    DL4J_STOCK {
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
    DL4J_HELPERS {
        @Override
        Runner start(Backbone backbone) {
            return engine(InferenceEngine.graph(backbone));
        }
    },
    /** The compiled engine. */
    COMPILED {
        @Override
        Runner start(Backbone backbone) {
            return engine(InferenceEngine.compiled(backbone));
        }
    },
    /** ONNX Runtime without this library around it: what the compiled engine could reach. */
    ONNXRUNTIME {
        @Override
        Runner start(Backbone backbone) {
            return new BareOnnxRuntime(backbone);
        }
    },
    /** The module deepcovid-onednn, in single precision. */
    ONEDNN_FLOAT32 {
        @Override
        Runner start(Backbone backbone) {
            return oneDnn(backbone, Precision.FLOAT32);
        }
    },
    /** The module deepcovid-onednn, in bfloat16. */
    ONEDNN_BFLOAT16 {
        @Override
        Runner start(Backbone backbone) {
            return oneDnn(backbone, Precision.BFLOAT16);
        }
    };

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Contender named(String id) {
        List<String> ids = Stream.of(values()).map(Contender::id).toList();
        if (!ids.contains(id)) {
            throw new IllegalArgumentException(
                    "there is no engine '%s'; expected one of %s".formatted(id, ids));
        }
        return values()[ids.indexOf(id)];
    }

    /** Sets system properties before the runtime starts. */
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

    private static Runner oneDnn(Backbone backbone, Precision precision) {
        return engine(InferenceEngine.compiled(backbone, new OneDnnCompiler(), precision));
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
