package dev.seiche.metrics.oscillation;

import java.util.Arrays;

/**
 * How far predicted adjacent cosines ({@link Identities#nextCosine}) are from the measured ones: |predicted - measured|
 * over the rows that have both. In [0, 2], no unit; 0 on a quadratic. It grows with the step, because the prediction is
 * first order in it.
 *
 * @param count   rows with both
 * @param median  half of the errors are at most this; NaN for none
 * @param p95     95% of the errors are at most this; NaN for none
 * @param within  share of errors of at most {@value #CLOSE}; NaN for none
 */
public record PredictionError(int count, double median, double p95, double within) {
    /** An error up to this counts as close. */
    public static final double CLOSE = 0.05;

    /**
     * Compares row by row; rows where either is NaN are left out.
     *
     * @param predicted one a row
     * @param measured  one a row
     */
    public static PredictionError of(double[] predicted, double[] measured) {
        if (predicted.length != measured.length) {
            throw new IllegalArgumentException("prediction error: %d predictions for %d measurements"
                    .formatted(predicted.length, measured.length));
        }
        double[] errors = new double[predicted.length];
        int count = 0;
        int close = 0;
        for (int t = 0; t < errors.length; t++) {
            double error = Math.abs(predicted[t] - measured[t]);
            if (!Double.isNaN(error)) {
                errors[count++] = error;
                close += error <= CLOSE ? 1 : 0;
            }
        }
        double[] sorted = Arrays.copyOf(errors, count);
        Arrays.sort(sorted);
        return new PredictionError(
                count, Quantiles.median(sorted), Quantiles.quantile(sorted, 0.95), (double) close / count);
    }
}
