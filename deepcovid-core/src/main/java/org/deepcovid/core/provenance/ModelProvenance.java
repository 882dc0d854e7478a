package org.deepcovid.core.provenance;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.PrecisionCheck;

/**
 * Origin of a classifier.
 *
 * @param config the recipe, with its seed
 * @param weights the pre-trained weights; of a classifier with trained layers, those that training
 *     began with
 * @param trainedLayers names of the backbone's layers that were trained, in the graph's order;
 *     empty if the head alone was
 * @param training fingerprint of the training images
 * @param validation fingerprint of the validation images
 * @param chosenEpoch the epoch whose head was kept, from 1
 * @param history losses of every epoch
 * @param environment machine and software of the run
 * @param trainedAt when the run ended, ISO 8601 in UTC
 * @param fittedImages for every training and validation image the first 16 hexadecimal digits of
 *     the SHA-256 of its file and of its decoded pixels, sorted: enough to recognise them among
 *     test images, not to recover them
 * @param groups sources and other attributes of the training and validation images; empty if the
 *     dataset names none, or the classifier was saved by an earlier release
 * @param layout as of {@link org.deepcovid.core.data.XrayDataset}; empty of an earlier release
 * @param precisionCheck what the precision of the network changes in the scores; empty for float32
 */
public record ModelProvenance(
        FineTuneConfig config,
        WeightsOrigin weights,
        List<String> trainedLayers,
        DataFingerprint training,
        DataFingerprint validation,
        int chosenEpoch,
        List<EpochSummary> history,
        RuntimeEnvironment environment,
        String trainedAt,
        List<String> fittedImages,
        Optional<FittedGroups> groups,
        Optional<String> layout,
        Optional<PrecisionCheck> precisionCheck) {

    private static final int DIGITS = 16;

    public ModelProvenance {
        requireNonNull(config, "config is null");
        requireNonNull(weights, "weights is null");
        trainedLayers = List.copyOf(trainedLayers);
        requireNonNull(training, "training is null");
        requireNonNull(validation, "validation is null");
        history = List.copyOf(history);
        requireNonNull(environment, "environment is null");
        requireNonNull(trainedAt, "trainedAt is null");
        if (chosenEpoch < 1 || chosenEpoch > Math.max(1, history.size())) {
            throw new IllegalArgumentException(
                    "chosenEpoch is %d of %d; expected one of them"
                            .formatted(chosenEpoch, history.size()));
        }
        fittedImages = fittedImages.stream().sorted().toList();
        requireNonNull(groups, "groups is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(precisionCheck, "precisionCheck is null");
    }

    /** The precision in which the network computed the features of the fitting images. */
    public Precision precision() {
        return precisionCheck.map(PrecisionCheck::precision).orElse(Precision.FLOAT32);
    }

    /** The precision and what it changes in the scores, in one line. */
    public String describePrecision() {
        return precision().id() + precisionCheck.map(c -> "; " + c.summary()).orElse("");
    }

    /** Shortens a checksum to what {@link #fittedImages()} holds. */
    public static String shortHash(String sha256) {
        return sha256.substring(0, DIGITS);
    }

    /** Two short hashes of each image: of its file and of its decoded pixels. */
    public static List<String> shortHashes(List<LabelledImage> images) {
        return images.stream()
                .flatMap(image -> Stream.of(image.sha256(), image.pixelsSha256()))
                .map(ModelProvenance::shortHash)
                .toList();
    }

    /**
     * Whether an image with this content was among the training or validation images, or is known
     * to be among those that the pre-trained weights were learned from.
     *
     * @param sha256 SHA-256 of the file or of the decoded pixels, in lower-case hexadecimal
     */
    public boolean wasFittedOn(String sha256) {
        return contains(fittedImages, sha256) || isPretrainedOn(sha256);
    }

    private static boolean contains(List<String> sorted, String sha256) {
        return Collections.binarySearch(sorted, shortHash(sha256)) >= 0;
    }

    /**
     * Whether an image is known to be among those that the pre-trained weights were learned from.
     *
     * @param sha256 SHA-256 of the file or of the decoded pixels, in lower-case hexadecimal
     */
    public boolean isPretrainedOn(String sha256) {
        return contains(weights.images(), sha256);
    }

    /**
     * How many training and validation images the pre-trained weights are known to be learned from,
     * by the checksums of their files.
     */
    public int pretrainedOn() {
        return (int)
                fittedImages.stream()
                        .filter(image -> Collections.binarySearch(weights.images(), image) >= 0)
                        .count();
    }
}
