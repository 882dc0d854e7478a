package org.deepcovid.eval.explain;

/**
 * Maps raw evidence to colour: values up to {@link #bottom} get none, values from {@link #top} on
 * get the hottest.
 */
public sealed interface HeatmapScaling {

    /**
     * From zero to the map's own largest value, or to {@code smallestTop} if that is larger, so
     * that a map of weak evidence is not stretched to look certain.
     *
     * @param smallestTop in the unit of the map, not negative
     */
    record PerImage(double smallestTop) implements HeatmapScaling {

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
            return top > 0 ? top : 1; // no positive evidence: any scale will do
        }
    }

    /**
     * The same range for every map, to compare maps.
     *
     * @param bottom value that gets no colour
     * @param fixedTop value that gets the hottest colour, above bottom
     */
    record Fixed(double bottom, double fixedTop) implements HeatmapScaling {

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

    /** From zero to the map's largest value, but at least to the limit of weak evidence. */
    static HeatmapScaling perImage(EvidenceUnit unit) {
        return new PerImage(unit.smallestRange());
    }

    /** Value below which nothing is coloured, in the unit of the map. */
    double bottom();

    /** Value from which on the colour is the hottest; above {@link #bottom()}. */
    double top(EvidenceGrid grid);

    /** Values scaled to [0, 1], on the same grid. */
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
