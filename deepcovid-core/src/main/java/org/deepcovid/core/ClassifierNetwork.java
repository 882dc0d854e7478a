package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Supplier;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;

/**
 * The native memory of a classifier: the inference engine, and the DL4J graph, built at its first
 * use. It has exactly one owner: a {@link FineTuned} run or a loaded classifier.
 */
final class ClassifierNetwork implements AutoCloseable {

    private final BackboneSpec spec;
    private final InferenceEngine engine;
    private Optional<Supplier<Backbone>> builder;
    private Optional<Backbone> backbone = Optional.empty();
    private boolean closed;

    private ClassifierNetwork(
            BackboneSpec spec, Supplier<Backbone> builder, Optional<InferenceEngine> engine) {
        this.spec = requireNonNull(spec, "spec is null");
        this.builder = Optional.of(requireNonNull(builder, "builder is null"));
        this.engine = engine.orElseGet(() -> InferenceEngine.of(backbone()));
    }

    /**
     * A network whose graph is built at its first use.
     *
     * @param engine empty if only the graph can run the network
     */
    static ClassifierNetwork lazy(
            BackboneSpec spec, Supplier<Backbone> builder, Optional<InferenceEngine> engine) {
        return new ClassifierNetwork(spec, builder, engine);
    }

    static ClassifierNetwork of(Backbone backbone, InferenceEngine engine) {
        ClassifierNetwork network =
                new ClassifierNetwork(backbone.spec(), () -> backbone, Optional.of(engine));
        network.backbone(); // so that closing this closes it
        return network;
    }

    BackboneSpec spec() {
        return spec;
    }

    InferenceEngine engine() {
        return engine;
    }

    synchronized Backbone backbone() {
        if (closed) {
            throw new IllegalStateException("the classifier, or the run it belongs to, is closed");
        }
        if (backbone.isEmpty()) {
            backbone = Optional.of(builder.orElseThrow().get());
            builder = Optional.empty(); // frees the parameters that it was built from
        }
        return backbone.get();
    }

    @Override
    public void close() {
        engine.close();
        synchronized (this) {
            closed = true;
            backbone.ifPresent(Backbone::close);
        }
    }
}
