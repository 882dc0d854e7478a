package org.deepcovid.eval.explain;

/**
 * What covering one square of the network's input did.
 *
 * @param x left edge, in pixels of the input
 * @param y upper edge
 * @param size side of the square
 * @param probability the label's probability with the square covered, in [0, 1]
 * @param logit the label's logit with the square covered
 * @param flips whether the model then decides for another label than for the whole image
 */
public record OcclusionWindow(
        int x, int y, int size, double probability, double logit, boolean flips) {}
