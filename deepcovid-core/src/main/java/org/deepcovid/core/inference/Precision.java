package org.deepcovid.core.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The number format in which an engine keeps a network's weights and feature maps. */
public enum Precision {
    /** IEEE 754 single precision. */
    @JsonProperty("float32")
    FLOAT32,
    /**
     * The upper 16 bits of a single-precision number: its range with 8 bits of precision. Products
     * are summed in single precision.
     */
    @JsonProperty("bfloat16")
    BFLOAT16;

    /**
     * The name used in files, options and messages.
     *
     * @return such as {@code "float32"}
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
