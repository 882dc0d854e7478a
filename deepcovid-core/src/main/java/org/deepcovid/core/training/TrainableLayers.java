package org.deepcovid.core.training;

/**
 * What of the pre-trained network is trained together with the head. Frozen layers cost one pass
 * over the images in all; trained ones cost a forward and a backward pass in every epoch.
 */
public sealed interface TrainableLayers permits HeadOnly, FromLayer, WholeBackbone {

    /**
     * The choice in words, for reports.
     *
     * @return one line without a full stop
     */
    String describe();
}
