package org.deepcovid.core.training;

/** Every layer is trained. */
public record WholeBackbone() implements TrainableLayers {

    @Override
    public String describe() {
        return "head and all layers";
    }
}
