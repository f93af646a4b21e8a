package dev.seiche.bench.gpu;

import java.util.Arrays;

/** Times of single runs on a device, in ms. */
final class DeviceTiming {
    private final double[] sorted;

    DeviceTiming(double[] milliseconds) {
        this.sorted = milliseconds.clone();
        Arrays.sort(sorted);
    }

    double median() {
        return quantile(0.5);
    }

    double best() {
        return sorted[0];
    }

    /** @param q from 0 to 1 */
    double quantile(double q) {
        return sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
    }

    int runs() {
        return sorted.length;
    }
}
