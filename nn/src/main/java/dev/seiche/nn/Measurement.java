package dev.seiche.nn;

import java.util.Arrays;

/**
 * The losses of some samples at one point of weight space.
 */
public final class Measurement {
    private final double[] losses;
    private final double loss;
    private final double[] hits;
    private final double accuracy;

    Measurement(double[] losses, double[] hits) {
        double sum = 0;
        for (double each : losses) {
            sum += each;
        }
        this.losses = losses;
        this.loss = sum / losses.length;
        this.hits = hits;
        this.accuracy = Arrays.stream(hits).average().orElse(Double.NaN);
    }

    /** The mean of the losses, summed in f64 in the order of the samples. */
    public double loss() {
        return loss;
    }

    /** The loss of each sample, in the order of the data; a copy. */
    public double[] losses() {
        return losses.clone();
    }

    /**
     * Share of labels, in [0, 1], that the largest output hits; the first one counts among equals. NaN where targets are
     * no labels.
     */
    public double accuracy() {
        return accuracy;
    }

    /**
     * Share of each sample's labels, in [0, 1], that the largest output hits: 0 or 1 where a sample has one label. NaN where
     * targets are no labels. A copy.
     */
    public double[] hits() {
        return hits.clone();
    }

    @Override
    public String toString() {
        return "loss " + loss + " over " + losses.length + " samples, accuracy " + accuracy;
    }
}
