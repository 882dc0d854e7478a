package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.provenance.WritingTime;

/**
 * That a classifier's calibration and threshold were chosen again, on a sample of another source.
 *
 * @param sample fingerprint of the sample
 * @param images short hashes of its files and decoded pixels, as {@link
 *     ModelProvenance#fittedImages()}, sorted
 * @param at when, ISO 8601 in UTC
 * @param calibration that was replaced, if there was one
 * @param threshold that was replaced, if there was one
 */
public record Recalibration(
        DataFingerprint sample,
        List<String> images,
        String at,
        Optional<ScoreCalibration> calibration,
        Optional<DecisionThreshold> threshold) {

    public Recalibration {
        requireNonNull(sample, "sample is null");
        images = images.stream().sorted().toList();
        requireNonNull(at, "at is null");
        requireNonNull(calibration, "calibration is null");
        requireNonNull(threshold, "threshold is null");
    }

    /**
     * Remembers a sample and what is replaced.
     *
     * @param sample images whose checksums are known, as after scoring
     */
    public static Recalibration of(
            LabelSet labels, List<LabelledImage> sample, Decisions replaced) {
        return new Recalibration(
                DataFingerprint.of(labels, sample),
                ModelProvenance.shortHashes(sample),
                WritingTime.now().toString(),
                replaced.calibration(),
                replaced.threshold());
    }

    boolean holds(String sha256) {
        return Collections.binarySearch(images, ModelProvenance.shortHash(sha256)) >= 0;
    }
}
