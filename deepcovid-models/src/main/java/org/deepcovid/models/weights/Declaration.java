package org.deepcovid.models.weights;

/** What this library adds to the files it writes, since names and shapes alone do not tell it. */
enum Declaration {
    /** Id of the {@link Flavour}. */
    FLAVOUR("flavour"),
    /** Epsilon of batch normalisation, as a decimal number. */
    EPSILON("batch_norm_epsilon"),
    /** {@code "false"} where the values were drawn at random, else {@code "true"}. */
    TRAINED("trained");

    private final String word;

    Declaration(String word) {
        this.word = word;
    }

    /** Key of safetensors metadata. */
    String metadataKey() {
        return "deepcovid." + word;
    }

    /** Name of an HDF5 root attribute. */
    String attribute() {
        return "deepcovid_" + word;
    }
}
