package org.deepcovid.core.image;

import java.io.IOException;
import org.deepcovid.core.image.dicom.DicomImage;

/** DICOM: one frame of a plain radiograph. */
final class DicomFormat implements ImageFormat {

    @Override
    public Size size(byte[] bytes) throws IOException {
        try (DicomImage image = DicomImage.of(bytes)) {
            return new Size(image.width(), image.height());
        }
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        try (DicomImage image = DicomImage.of(bytes)) {
            byte[] samples = image.decode(JpegFormat::samples);
            RasterImage decoded =
                    RasterImage.wrap(image.width(), image.height(), image.channels(), samples);
            for (String flag : image.flags()) {
                decoded = decoded.withRemark(flag);
            }
            return decoded;
        }
    }
}
