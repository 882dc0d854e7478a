package org.deepcovid.core.inference;

/** A DL4J graph has a layer that a {@link NetworkPlan} cannot express. */
public final class UnsupportedLayerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The layer's name in the graph. */
    private final String layer;

    /**
     * A layer that an engine cannot run.
     *
     * @param layer its name in the graph
     * @param reason what is not supported
     */
    public UnsupportedLayerException(String layer, String reason) {
        super("layer '%s': %s".formatted(layer, reason));
        this.layer = layer;
    }

    /**
     * The vertex that cannot be expressed.
     *
     * @return its name in the graph
     */
    public String layer() {
        return layer;
    }
}
