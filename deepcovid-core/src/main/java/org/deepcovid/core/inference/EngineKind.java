package org.deepcovid.core.inference;

/** The engines. */
public enum EngineKind {
    /** The DL4J graph itself, on the CPU or the GPU, as ND4J's backend decides. */
    GRAPH,
    /** The graph compiled for the processor, run by ONNX Runtime. */
    COMPILED
}
