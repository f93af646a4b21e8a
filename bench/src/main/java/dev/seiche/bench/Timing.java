package dev.seiche.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The times of one task in one framework with one number of threads, in ms. */
final class Timing {
    private final Task task;
    private final String framework;
    private final int threads;
    private final List<double[]> rounds = new ArrayList<>();

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

    /** Adds the times of all runs in one process. */
    void addRound(double[] milliseconds) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        rounds.add(sorted);
    }

    /** Of the process in which it was lowest: what disturbs a machine only ever adds time, to one process or another. */
    double median() {
        return medians().stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /** Over the runs of all processes. */
    double quantile(double q) {
        double[] all = rounds.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        return quantile(all, q);
    }

    /** Of each process. */
    List<Double> medians() {
        return rounds.stream().map(round -> quantile(round, 0.5)).toList();
    }

    int runs() {
        return rounds.stream().mapToInt(round -> round.length).sum();
    }

    private static double quantile(double[] sorted, double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
    }
}
