package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real files compared with the output of Pillow and torchvision. Tolerances are mean absolute
 * differences in grey levels; all were 0.0 on JDK 17 for Linux, and lossy files may differ a little
 * where a JDK brings another JPEG decoder.
 */
class SharedFormatsTest {

    @ParameterizedTest
    @CsvSource({
        "grey-8bit-1024.png, 0",
        "grey-16bit.png, 0",
        "palette.png, 0",
        "grey.bmp, 0",
        "grey-lzw.tif, 0",
        "rgba-landscape.png, 0",
        "rgba-smaller-than-224.png, 0",
        "cmyk.jpg, 0.1",
        "progressive.jpg, 0.1",
        "exif-rotated.jpg, 0.1",
        "rgb-large.jpg, 0.1",
        "dicom-12bit-monochrome1.dcm, 0",
        "dicom-14bit-window.dcm, 0",
        "dicom-8bit.dcm, 0",
        "dicom-big-endian.dcm, 0",
        "dicom-deflated.dcm, 0",
        "dicom-fragments.dcm, 2.5",
        "dicom-implicit.dcm, 0",
        "dicom-jpeg-baseline.dcm, 2.5",
        "dicom-jpeg-lossless.dcm, 0",
        "dicom-jpeg2000.dcm, 0",
        "dicom-rgb-planar.dcm, 0",
        "dicom-rle.dcm, 0",
        "dicom-sigmoid.dcm, 0",
        "dicom-signed-rescale.dcm, 0",
        "dicom-two-windows.dcm, 0",
        "dicom-voi-lut.dcm, 0",
        "flagged-burned-in.dcm, 0",
        "flagged-lateral.dcm, 0",
        "faults/fill-before-dht.jpg, 0.1",
        "faults/fill-before-dqt.jpg, 0.1",
        "faults/fill-before-dqt-big.jpg, 0.1",
        "faults/fill-before-sos.jpg, 0.1",
        "faults/png-12bit-in-16-sBIT.png, 0",
        "faults/png-12bit-in-16.png, 0",
        "faults/tiff-12in16-maxsample.tif, 0"
    })
    void preprocessesLikeTorchvision(String name, double tolerance) {
        Path file = SharedData.path("data/formats/" + name);
        String golden = name.substring(0, name.lastIndexOf('.')) + ".png";
        RasterImage expected = ImageDecoder.decode(SharedData.path("golden/preprocess/" + golden));

        Preprocessing preprocessing = new Preprocessing(224, Normalization.TORCH);
        RasterImage actual = preprocessing.resizeAndCrop(ImageDecoder.decode(file));

        assertThat(TestImages.meanDifference(actual, expected)).isLessThanOrEqualTo(tolerance);
        assertThat(preprocessing.apply(Radiograph.of(file)))
                .isEqualTo(preprocessing.toTensor(actual));
    }

    @ParameterizedTest
    @CsvSource({
        "broken-truncated.jpg, truncated",
        "broken-crc.png, checksum (CRC)",
        "broken-empty.jpg, empty (0 bytes)",
        "broken-not-an-image.png, 'text, not an image'",
        "broken-bomb-60000x60000.png, 60000 x 60000 pixels",
        "faults/damaged-deflate-bytecount-half.tif, yields 30664 of 65400 bytes",
        "faults/damaged-deflate-corrupt.tif, 'Deflate: incorrect data check'",
        "faults/damaged-jpeg-corrupt.tif, premature end of data segment",
        "faults/damaged-lzw-bytecount-half.tif, yields 30932 of 65400 bytes",
        "faults/damaged-lzw-zeroed2000.tif, yields 64352 of 65400 bytes",
        "broken-truncated.dcm, 'Pixel Data (7FE0,0010) needs 245760 bytes, and 122577 are left'",
        "broken-rows-too-many.dcm, 'expected 33553920 for 512 x 65535 pixels'",
        "refused-ct.dcm, 'its Modality (0008,0060) is ''CT'''",
        "refused-multiframe.dcm, 'its Number of Frames (0028,0008) is 3'",
        "dicom-jpeg-ls.dcm, 'compressed as JPEG-LS'"
    })
    void rejectsFileWithPathAndReason(String name, String reason) {
        Path file = SharedData.path("data/formats/" + name);

        assertThatThrownBy(() -> ImageDecoder.decode(file))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }
}
