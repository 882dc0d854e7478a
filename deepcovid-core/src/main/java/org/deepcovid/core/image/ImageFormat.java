package org.deepcovid.core.image;

import java.io.IOException;

/** One kind of image file. An {@link IOException}'s message is the reason shown to the user. */
interface ImageFormat {

    /**
     * Reads the size from the header.
     *
     * @param bytes the file, or its beginning
     */
    ImageSize size(byte[] bytes) throws IOException;

    /**
     * Checks the file's structure and decodes the first image, upright.
     *
     * @param bytes the whole file
     */
    RasterImage decode(byte[] bytes) throws IOException;
}
