package org.deepcovid.core.image;

/** What a header says about the picture's extent, before anything is believed or allocated. */
record ImageSize(long width, long height) {

    long pixels() {
        return width > Integer.MAX_VALUE || height > Integer.MAX_VALUE
                ? Long.MAX_VALUE
                : width * height;
    }
}
