package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.image.RasterImage;

/**
 * A test image that the network was very sure of, rightly or wrongly.
 *
 * @param image id, label and score
 * @param distance of the score from the threshold, at least 0
 * @param picture the square that the network saw
 * @param overlay what it went by, if anything can tell
 */
record ErrorExample(
        ScoredImage image, double distance, RasterImage picture, Optional<RasterImage> overlay) {}
