package org.deepcovid.core.features;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A normal distribution of features: a few principal components, and equal variance in all other
 * directions (M. E. Tipping and C. M. Bishop, 1999, doi 10.1111/1467-9868.00196). Features are
 * compressed by a square root, which makes pooled activations less skewed.
 */
public final class FeatureSpace {

    private static final int COMPONENTS = 32;
    private static final int IMAGES_PER_COMPONENT = 8;
    private static final int ITERATIONS = 4;
    private static final double LEAST_VARIANCE = 1e-9;

    private final float[] mean;
    private final float[] components; // [K, D], orthonormal
    private final float[] variances; // of the K components, then of each other direction

    FeatureSpace(float[] mean, float[] components, float[] variances) {
        if (mean.length == 0 || components.length != (variances.length - 1) * mean.length) {
            throw new IllegalArgumentException(
                    ("description of training images with %d features, %d numbers of components"
                                    + " and %d variances; expected one component fewer than"
                                    + " variances")
                            .formatted(mean.length, components.length, variances.length));
        }
        this.mean = mean.clone();
        this.components = components.clone();
        this.variances = variances.clone();
    }

    /** The square root of the absolute value, with the sign. */
    static float[] compressed(float[] features) {
        float[] compressed = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            compressed[i] = (float) Math.copySign(Math.sqrt(Math.abs(features[i])), features[i]);
        }
        return compressed;
    }

    /**
     * Fits a distribution, the components by subspace iteration.
     *
     * @param features at least two rows of one length
     */
    public static FeatureSpace of(List<float[]> features) {
        int length = features.get(0).length;
        float[] mean = new float[length];
        List<float[]> rows = features.stream().map(FeatureSpace::compressed).toList();
        rows.forEach(row -> add(mean, row, 1f / rows.size()));
        rows.forEach(row -> add(row, mean, -1));
        double total = rows.stream().mapToDouble(row -> dot(row, row)).sum() / rows.size();
        int count = Math.min(COMPONENTS, Math.min(length - 1, rows.size() / IMAGES_PER_COMPONENT));
        float[][] basis = basis(rows, length, count);
        float[] components = new float[count * length];
        float[] variances = new float[count + 1];
        double rest = total;
        for (int k = 0; k < count; k++) {
            float[] component = basis[k];
            System.arraycopy(component, 0, components, k * length, length);
            double variance =
                    rows.stream().mapToDouble(row -> square(dot(row, component))).sum()
                            / rows.size();
            variances[k] = (float) Math.max(LEAST_VARIANCE, variance);
            rest -= variance;
        }
        variances[count] = (float) Math.max(LEAST_VARIANCE, rest / (length - count));
        return new FeatureSpace(mean, components, variances);
    }

    private static float[][] basis(List<float[]> rows, int length, int count) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] basis = new float[count][length];
        for (float[] vector : basis) {
            for (int i = 0; i < length; i++) {
                vector[i] = (float) (random.nextDouble() - 0.5);
            }
        }
        orthonormalise(basis);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            float[][] next = new float[count][length];
            for (float[] row : rows) {
                for (int k = 0; k < count; k++) {
                    add(next[k], row, (float) dot(row, basis[k]));
                }
            }
            basis = next;
            orthonormalise(basis);
        }
        return basis;
    }

    private static void orthonormalise(float[][] basis) {
        for (int k = 0; k < basis.length; k++) {
            for (int before = 0; before < k; before++) {
                add(basis[k], basis[before], (float) -dot(basis[k], basis[before]));
            }
            double norm = Math.sqrt(dot(basis[k], basis[k]));
            for (int i = 0; i < basis[k].length; i++) {
                basis[k][i] = norm > 0 ? (float) (basis[k][i] / norm) : 0;
            }
        }
    }

    /** The Mahalanobis distance of features from the mean. */
    public double distance(float[] features) {
        float[] row = compressed(features);
        add(row, mean, -1);
        int length = mean.length;
        double rest = dot(row, row);
        double sum = 0;
        for (int k = 0; k < variances.length - 1; k++) {
            double along = 0;
            for (int i = 0; i < length; i++) {
                along += (double) components[k * length + i] * row[i];
            }
            sum += along * along / variances[k];
            rest -= along * along;
        }
        return Math.sqrt(sum + Math.max(0, rest) / variances[variances.length - 1]);
    }

    private static void add(float[] sum, float[] values, float factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }

    /** In four partial sums of a fixed order, for speed. */
    private static double dot(float[] a, float[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += (double) a[i] * b[i];
            s1 += (double) a[i + 1] * b[i + 1];
            s2 += (double) a[i + 2] * b[i + 2];
            s3 += (double) a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += (double) a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    private static double square(double value) {
        return value * value;
    }

    int length() {
        return mean.length;
    }

    float[] mean() {
        return mean.clone();
    }

    float[] components() {
        return components.clone();
    }

    float[] variances() {
        return variances.clone();
    }
}
