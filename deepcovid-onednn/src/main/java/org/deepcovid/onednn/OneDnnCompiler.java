package org.deepcovid.onednn;

import org.deepcovid.core.inference.NetworkCompiler;
import org.deepcovid.core.inference.NetworkParameters;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.Precision;

/** Compiles networks by oneDNN. */
public final class OneDnnCompiler implements NetworkCompiler {

    /** For {@link java.util.ServiceLoader}. */
    public OneDnnCompiler() {}

    /**
     * {@inheritDoc}
     *
     * <p>bfloat16 needs AVX-512; without instructions for bfloat16 it is emulated, slower than
     * single precision.
     */
    @Override
    public boolean supports(Precision precision) {
        return precision == Precision.FLOAT32 ? OneDnn.loads() : OneDnn.hasBfloat16();
    }

    @Override
    public boolean accelerates(Precision precision) {
        return precision == Precision.BFLOAT16 && OneDnn.hasBfloat16Matrices();
    }

    @Override
    public String runtime(Precision precision) {
        return "%s, %s".formatted(OneDnn.name(), precision.id());
    }

    @Override
    public Compiled compile(
            NetworkPlan plan, NetworkParameters parameters, Precision precision, int threads) {
        return new OneDnnNetwork(plan.fused(parameters), precision, threads);
    }
}
