package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What is known of an image beside its pixels.
 *
 * @param remarks what is odd about it, or was assumed in decoding it
 * @param statistics of the pixels that a network gets
 */
public record ImageNotes(List<String> remarks, PixelStatistics statistics) {

    public ImageNotes {
        remarks = List.copyOf(remarks);
        requireNonNull(statistics, "statistics is null");
    }
}
