package dev.seiche.metrics.tail;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.BatchPlan;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws gradient noise of a network at fixed weights: the published way, or with random mini-batches and the exact gradient.
 * Memory: P x (kept coordinates) in f64.
 *
 * @param batch       examples in a mini-batch
 * @param coordinates kept at most, drawn once without replacement and in order; no less than all of a small network
 */
public record NoiseSampling(int batch, int coordinates) {
    private static final int MANY = 20_000;

    public NoiseSampling {
        if (batch < 1 || coordinates < 1) {
            throw new IllegalArgumentException(
                    "noise sampling: batch and coordinates are at least 1, got " + batch + " and " + coordinates);
        }
    }

    /** With up to 20,000 coordinates. */
    public static NoiseSampling of(int batch) {
        return new NoiseSampling(batch, MANY);
    }

    /**
     * As published: one pass over the data in its order, the last batch smaller where sizes do not divide; minus the
     * unweighted mean of these gradients. Not for data that is sorted by class.
     */
    public GradientNoise pass(BatchGradients source, ParameterVector weights, Rng rng, Scope scope) {
        List<int[]> batches = BatchPlan.fixed(source.data().size(), batch).epoch(0);
        int[] kept = kept(weights, rng);
        double[][] rows = new double[batches.size()][];
        for (int p = 0; p < rows.length; p++) {
            rows[p] = thin(source.values(weights, scope, batches.get(p)), kept);
        }
        return new GradientNoise(rows, columns(weights.parameters(), kept)).centred();
    }

    /** Random mini-batches, each drawn without replacement on its own, minus the exact gradient of all examples. */
    public GradientNoise random(BatchGradients source, int batches, ParameterVector weights, Rng rng, Scope scope) {
        int[] kept = kept(weights, rng);
        double[] mean;
        try (Scope full = scope.child("full gradient")) {
            mean = thin(source.full(weights, full).toDoubles(), kept);
        }
        double[][] rows = new double[batches][];
        for (int p = 0; p < batches; p++) {
            double[] row = thin(source.values(weights, scope, source.draw(batch, rng.fold(p))), kept);
            for (int j = 0; j < row.length; j++) {
                row[j] -= mean[j];
            }
            rows[p] = row;
        }
        return new GradientNoise(rows, columns(weights.parameters(), kept));
    }

    private int[] kept(ParameterVector weights, Rng rng) {
        int size = Math.toIntExact(weights.size());
        int[] order = size <= coordinates ? new int[0] : rng.fold("coordinates").permutation(size);
        int[] kept = Arrays.copyOf(order, Math.min(order.length, coordinates));
        Arrays.sort(kept);
        return kept;
    }

    /** An empty choice keeps all. */
    private static double[] thin(double[] values, int[] kept) {
        return kept.length == 0
                ? values
                : Arrays.stream(kept).mapToDouble(j -> values[j]).toArray();
    }

    private static List<GradientNoise.Column> columns(List<Parameter> parameters, int[] kept) {
        List<GradientNoise.Column> columns = new ArrayList<>();
        long from = 0;
        for (Parameter parameter : parameters) {
            long begin = from;
            long end = from + parameter.shape().size();
            long count = kept.length == 0
                    ? parameter.shape().size()
                    : Arrays.stream(kept).filter(j -> j >= begin && j < end).count();
            columns.add(new GradientNoise.Column(parameter.name(), parameter.layer(), Math.toIntExact(count)));
            from = end;
        }
        return columns;
    }
}
