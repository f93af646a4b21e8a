package dev.seiche.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The times of one task in one framework with one number of threads, in ms. */
final class Timing {
    private final Task task;
    private final String framework;
    private final int threads;
    private final List<double[]> windows = new ArrayList<>();

    Timing(Task task, String framework, int threads) {
        this.task = task;
        this.framework = framework;
        this.threads = threads;
    }

    Task task() {
        return task;
    }

    String framework() {
        return framework;
    }

    int threads() {
        return threads;
    }

    /** Adds the times of all runs in one window. */
    void addWindow(double[] milliseconds) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        windows.add(sorted);
    }

    /** Of the window in which it was lowest: what disturbs a machine only ever adds time, to one window or another. */
    double median() {
        return medians().stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /** Over all runs. */
    double quantile(double q) {
        double[] all = windows.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        return quantile(all, q);
    }

    /** Of each window. */
    List<Double> medians() {
        return windows.stream().map(window -> quantile(window, 0.5)).toList();
    }

    int runs() {
        return windows.stream().mapToInt(window -> window.length).sum();
    }

    private static double quantile(double[] sorted, double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
    }
}
