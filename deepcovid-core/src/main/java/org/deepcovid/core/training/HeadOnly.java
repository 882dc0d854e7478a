package org.deepcovid.core.training;

/** The whole backbone stays as it was pre-trained, as in the paper. */
public record HeadOnly() implements TrainableLayers {

    @Override
    public String describe() {
        return "head only";
    }
}
