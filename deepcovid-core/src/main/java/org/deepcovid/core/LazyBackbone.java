package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Supplier;
import org.deepcovid.core.model.Backbone;

/** A backbone that is built when it is first asked for; most predictions never ask. */
final class LazyBackbone implements AutoCloseable {

    private Optional<Supplier<Backbone>> builder;
    private Optional<Backbone> backbone = Optional.empty();
    private boolean closed;

    private LazyBackbone(Supplier<Backbone> builder) {
        this.builder = Optional.of(requireNonNull(builder, "builder is null"));
    }

    static LazyBackbone of(Supplier<Backbone> builder) {
        return new LazyBackbone(builder);
    }

    static LazyBackbone of(Backbone backbone) {
        requireNonNull(backbone, "backbone is null");
        LazyBackbone lazy = new LazyBackbone(() -> backbone);
        lazy.get();
        return lazy;
    }

    synchronized Backbone get() {
        if (closed) {
            throw new IllegalStateException("the classifier is closed");
        }
        if (backbone.isEmpty()) {
            backbone = Optional.of(builder.orElseThrow().get());
            builder = Optional.empty(); // lets go of the parameters that it was built from
        }
        return backbone.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        backbone.ifPresent(Backbone::close);
    }
}
