package org.deepcovid.core.image.dicom;

import java.awt.image.Raster;
import java.io.IOException;

/** Decodes the JPEG data of a DICOM file (ITU-T T.81). */
public interface JpegReader {

    /**
     * Decodes one image.
     *
     * @param jpeg from the start marker on
     * @param width expected; another size is an error, and is found before memory is taken
     * @param height expected
     * @param lumaChroma whether three components are luma and chroma, where the JPEG data do not
     *     say so themselves
     * @return one band with the samples as coded, or red, green and blue
     * @throws IOException if the data are damaged or of a kind that is not decoded
     */
    Raster read(byte[] jpeg, int width, int height, boolean lumaChroma) throws IOException;
}
