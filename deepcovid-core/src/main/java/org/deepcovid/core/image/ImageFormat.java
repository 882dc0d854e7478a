package org.deepcovid.core.image;

import java.io.IOException;
import java.util.Optional;

/** One kind of image file. An {@link IOException}'s message is the reason told to the user. */
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

    /**
     * Decodes, resizes and crops in one go, if this format knows a way for this file that needs no
     * memory of the size of the image. A file in which anything is unusual or damaged is left to
     * {@link #decode}, which tells what is wrong.
     *
     * @param bytes the whole file, whose {@link #size} was found modest
     * @param preprocessing what is wanted
     * @return the square; empty if the image must be decoded first
     */
    default Optional<RasterImage> decodeSquare(byte[] bytes, Preprocessing preprocessing)
            throws IOException {
        return Optional.empty();
    }
}
