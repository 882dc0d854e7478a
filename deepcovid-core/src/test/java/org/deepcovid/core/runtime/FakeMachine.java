package org.deepcovid.core.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A machine without anything, on Linux, to which tests add things. */
final class FakeMachine {

    static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    static final String NATIVES = "org/nd4j/linalg/jcublas/bindings/linux-x86_64/libnd4jcuda.so";

    private final Set<String> resources = new HashSet<>();
    private String cards = "";
    private boolean windows;
    private int queries;

    FakeMachine resources(String... names) {
        resources.addAll(List.of(names));
        return this;
    }

    FakeMachine cards(String text) {
        cards = text;
        return this;
    }

    FakeMachine onWindows() {
        windows = true;
        return this;
    }

    int queries() {
        return queries;
    }

    CudaCheck check() {
        return new CudaCheck(
                resources::contains,
                windows,
                () -> {
                    queries++;
                    return cards;
                });
    }
}
