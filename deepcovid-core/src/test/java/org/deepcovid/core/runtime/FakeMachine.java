package org.deepcovid.core.runtime;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A machine without anything, on Linux, to which tests add things. */
final class FakeMachine implements Machine {

    static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    static final String NATIVES = "org/nd4j/linalg/jcublas/bindings/linux-x86_64/libnd4jcuda.so";

    private final Set<String> resources = new HashSet<>();
    private final Set<Path> files = new HashSet<>();
    private Optional<Output> driverTool = Optional.empty();
    private boolean windows;
    private int runs;

    FakeMachine resources(String... names) {
        resources.addAll(List.of(names));
        return this;
    }

    FakeMachine file(String name) {
        files.add(Path.of(name));
        return this;
    }

    FakeMachine driverTool(int exitCode, String text) {
        driverTool = Optional.of(new Output(exitCode, text));
        return this;
    }

    FakeMachine onWindows() {
        windows = true;
        return this;
    }

    int runs() {
        return runs;
    }

    @Override
    public boolean onClassPath(String name) {
        return resources.contains(name);
    }

    @Override
    public boolean exists(Path file) {
        return files.contains(file);
    }

    @Override
    public boolean windows() {
        return windows;
    }

    @Override
    public Optional<Output> run(List<String> command) {
        runs++;
        return driverTool;
    }
}
