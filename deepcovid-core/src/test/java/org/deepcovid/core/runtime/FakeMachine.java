package org.deepcovid.core.runtime;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A machine made of sets. It begins empty, on Linux. */
final class FakeMachine implements Surroundings {

    static final String CPU = "org/nd4j/linalg/cpu/nativecpu/CpuBackend.class";
    static final String CUDA = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    static final String NATIVES = "org/nd4j/linalg/jcublas/bindings/linux-x86_64/libnd4jcuda.so";

    private final Set<String> resources = new HashSet<>();
    private final Set<Path> files = new HashSet<>();
    private final Map<String, String> variables = new HashMap<>();
    private Optional<Answer> driverTool = Optional.empty();
    private boolean windows;
    private int questions;

    FakeMachine resources(String... names) {
        resources.addAll(List.of(names));
        return this;
    }

    FakeMachine files(String... names) {
        for (String name : names) {
            files.add(Path.of(name));
        }
        return this;
    }

    FakeMachine variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    FakeMachine driverTool(int exitCode, String text) {
        driverTool = Optional.of(new Answer(exitCode, text));
        return this;
    }

    FakeMachine onWindows() {
        windows = true;
        return this;
    }

    int questions() {
        return questions;
    }

    BackendSearch search() {
        return new BackendSearch(this);
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
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public boolean windows() {
        return windows;
    }

    @Override
    public Optional<Answer> ask(List<String> command) {
        questions++;
        return driverTool;
    }
}
