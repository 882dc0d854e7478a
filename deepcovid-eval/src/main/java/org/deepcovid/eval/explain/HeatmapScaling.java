package org.deepcovid.eval.explain;

/**
 * How raw evidence becomes colour: values up to {@link #bottom} get none, values from {@link #top}
 * on get the hottest. Evidence against a label, below zero, is not coloured.
 */
public sealed interface HeatmapScaling {

    /**
     * From zero to the map's own largest value, or to {@code smallestTop} if that is larger: a map
     * of weak evidence stays pale instead of being stretched to look certain.
     *
     * @param smallestTop in the unit of the map, not negative
     */
    record PerImage(double smallestTop) implements HeatmapScaling {

        /**
         * Checks the component.
         *
         * @throws IllegalArgumentException if it is negative or not finite
         */
        public PerImage {
            if (!(smallestTop >= 0 && smallestTop < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "smallestTop is %s; expected 0 or a positive number"
                                .formatted(smallestTop));
            }
        }

        @Override
        public double bottom() {
            return 0;
        }

        @Override
        public double top(EvidenceGrid grid) {
            double top = Math.max(grid.max(), smallestTop);
            return top > 0 ? top : 1; // no evidence at all: any scale shows none
        }
    }

    /**
     * The same range for every map, so that maps compare.
     *
     * @param bottom value that gets no colour
     * @param fixedTop value that gets the hottest colour, above bottom
     */
    record Fixed(double bottom, double fixedTop) implements HeatmapScaling {

        /**
         * Checks the components.
         *
         * @throws IllegalArgumentException if the range is empty or not finite
         */
        public Fixed {
            if (!(bottom < fixedTop && Double.isFinite(fixedTop - bottom))) {
                throw new IllegalArgumentException(
                        "range from %s to %s; expected bottom below top"
                                .formatted(bottom, fixedTop));
            }
        }

        @Override
        public double top(EvidenceGrid grid) {
            return fixedTop;
        }
    }

    /**
     * From zero to the map's largest value, but at least to what counts as weak in its unit.
     *
     * @param unit of the maps to scale
     * @return the scaling
     */
    static HeatmapScaling perImage(EvidenceUnit unit) {
        return new PerImage(unit.smallestRange());
    }

    /**
     * Value below which nothing is coloured.
     *
     * @return in the unit of the map
     */
    double bottom();

    /**
     * Value from which on the colour is the hottest.
     *
     * @param grid the map's values
     * @return above {@link #bottom()}
     */
    double top(EvidenceGrid grid);

    /**
     * Scales a map.
     *
     * @param grid raw values
     * @return values in [0, 1], on the same grid
     */
    default EvidenceGrid scale(EvidenceGrid grid) {
        double low = bottom();
        double range = top(grid) - low;
        double[] scaled = grid.values();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.max(0, Math.min(1, (scaled[i] - low) / range));
        }
        return new EvidenceGrid(grid.rows(), grid.columns(), scaled);
    }
}
