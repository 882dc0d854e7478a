package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * Converts an image file to the input of a network: the short side is resized to the input size
 * with antialiased bilinear interpolation, the centre is cropped, and the samples are normalised;
 * as torchvision's {@code Resize} and {@code CenterCrop} do with Pillow images.
 *
 * @param inputSize height and width S of the input, in pixels, positive
 * @param normalization conversion of samples to inputs
 * @param standardization of the image before it is resized, and of the grey levels after that
 * @param view the part of the cropped image that stays visible
 */
public record Preprocessing(
        int inputSize,
        Normalization normalization,
        Standardization standardization,
        ImageView view) {

    /**
     * @throws IllegalArgumentException if the size is not positive
     */
    public Preprocessing {
        requireNonNull(normalization, "normalization is null");
        requireNonNull(standardization, "standardization is null");
        requireNonNull(view, "view is null");
        if (inputSize <= 0) {
            throw new IllegalArgumentException(
                    "inputSize is %d; expected a positive number of pixels".formatted(inputSize));
        }
    }

    /** Preprocessing that shows the whole image as it is. */
    public Preprocessing(int inputSize, Normalization normalization) {
        this(inputSize, normalization, Standardization.NONE, ImageView.WHOLE);
    }

    /** The same with another standardization. */
    public Preprocessing with(Standardization newStandardization) {
        return new Preprocessing(inputSize, normalization, newStandardization, view);
    }

    /** The same with another part visible. */
    public Preprocessing showing(ImageView part) {
        return new Preprocessing(inputSize, normalization, standardization, part);
    }

    /**
     * Resizes the short side to S, the long side to {@code (int) (S * long / short)}, and crops the
     * central S x S pixels. Half pixels of the crop's offset round to even. With a standardization,
     * of the part of the image that it leaves, and then with its grey levels. What the view hides
     * is then black.
     *
     * @param image any size; smaller images are enlarged
     * @return S x S pixels with the channels of the image
     */
    public RasterImage resizeAndCrop(RasterImage image) {
        return finish(crop(image));
    }

    /** Where {@link #resizeAndCrop} takes its pixels from. */
    public CropPlacement placement(RasterImage image) {
        return new CropPlacement(
                image.width(), image.height(), standardization.part(image), inputSize);
    }

    /** As {@link #resizeAndCrop}, before {@link #finish}. */
    RasterImage crop(RasterImage image) {
        return crop(image, standardization.part(image));
    }

    RasterImage crop(RasterImage image, ImagePart part) {
        int shortSide = Math.min(part.width(), part.height());
        return BilinearResize.apply(
                image,
                part.left(),
                part.top(),
                filter(part.width(), shortSide),
                filter(part.height(), shortSide));
    }

    /** Standardises the grey levels of a square, and shows a part of it. */
    RasterImage finish(RasterImage square) {
        return view.of(standardization.levels(square));
    }

    private ResizeFilter filter(int side, int shortSide) {
        long resized = (long) inputSize * side / shortSide;
        long offset = (long) Math.rint((resized - inputSize) / 2.0);
        return new ResizeFilter(side, resized, offset, inputSize);
    }

    /**
     * Normalises a square image.
     *
     * @param image S x S pixels
     * @return 3 * S * S values in order [C, H, W], the channels in the order of the normalisation;
     *     a grey image is repeated in all three
     * @throws IllegalArgumentException if the image has another size
     */
    public float[] toTensor(RasterImage image) {
        float[] tensor = new float[3 * inputSize * inputSize];
        toTensor(image, FloatBuffer.wrap(tensor));
        return tensor;
    }

    /** Normalises into a buffer, from its position on. */
    void toTensor(RasterImage image, FloatBuffer target) {
        if (image.width() != inputSize || image.height() != inputSize) {
            throw new IllegalArgumentException(
                    "%s; expected %d x %d (call resizeAndCrop first)"
                            .formatted(image, inputSize, inputSize));
        }
        byte[] samples = image.samples();
        int channels = image.channels();
        float[] values = new float[256];
        float[] row = new float[inputSize];
        for (int plane = 0; plane < 3; plane++) {
            for (int sample = 0; sample < values.length; sample++) {
                values[sample] = normalization.apply(plane, sample);
            }
            int in = channels == 1 ? 0 : normalization.rgbChannelOf(plane);
            for (int y = 0; y < inputSize; y++) {
                for (int x = 0; x < inputSize; x++, in += channels) {
                    row[x] = values[samples[in] & 0xFF];
                }
                target.put(row);
            }
        }
    }

    /**
     * Decodes, resizes, crops and normalises an image.
     *
     * @param radiograph the image
     * @return 3 * S * S values in order [C, H, W]
     * @throws UnreadableImageException if the image cannot be decoded
     */
    public float[] apply(Radiograph radiograph) {
        return toTensor(resizeAndCrop(radiograph.decode()));
    }

    /**
     * Decodes, resizes, crops and normalises an image file.
     *
     * @param file PNG, JPEG, BMP, TIFF or DICOM
     * @return 3 * S * S values in order [C, H, W]
     * @throws UnreadableImageException if the file cannot be decoded
     */
    public float[] apply(Path file) {
        return apply(Radiograph.of(file));
    }
}
