package org.deepcovid.core.runtime;

/**
 * A graphics card.
 *
 * @param name as the driver calls it
 * @param major compute capability before the dot
 * @param minor compute capability behind the dot
 */
record CudaDevice(String name, int major, int minor) {

    /** What the natives of nd4j-cuda-11.6 1.0.0-M2.1 hold machine code for. */
    static final String SUPPORTED = "3.7 to 8.6";

    /**
     * Whether machine code in the natives runs on this card. They hold it for 3.7, 5.0, 5.2, 6.0,
     * 6.1, 7.0, 7.5, 8.0 and 8.6; code for one capability also runs on later ones of the same major
     * number, so 8.9 is served by 8.6. There is no PTX, from which a driver could make code for
     * other cards.
     */
    boolean hasMachineCode() {
        return major == 3 ? minor >= 7 : major >= 5 && major <= 8;
    }

    @Override
    public String toString() {
        return "%s (compute capability %d.%d)".formatted(name, major, minor);
    }
}
