package org.deepcovid.core.image;

import java.io.IOException;

/** One kind of image file. The message of an {@link IOException} is shown to users. */
interface ImageFormat {

    /** Width and height according to a header, which may be wrong or hostile. */
    record Size(long width, long height) {
        /** Saturates at {@code Long.MAX_VALUE}. */
        long pixels() {
            return width > Integer.MAX_VALUE || height > Integer.MAX_VALUE
                    ? Long.MAX_VALUE
                    : width * height;
        }
    }

    /**
     * Reads the size from the header.
     *
     * @param bytes the file, or its beginning
     */
    Size size(byte[] bytes) throws IOException;

    /**
     * Checks the file's structure and decodes the first image, upright.
     *
     * @param bytes the whole file
     */
    RasterImage decode(byte[] bytes) throws IOException;
}
