package dev.seiche.metrics.kernel;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.PerSampleLoss;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.data.Batch;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The empirical neural tangent kernel of a network with outputs [B, C], evaluating: K = J J', J the Jacobian of outputs with
 * respect to all weights. Jacot, Gabriel, Hongler 2018. Pure functions.
 */
public final class TangentKernel {
    private TangentKernel() {}

    /**
     * The kernel of each pair of samples, averaged over outputs: (1/C) sum over c of J_ic . J_jc. [B][B], in squared units of
     * output per weight.
     */
    public static double[][] mean(
            Network network, @Nullable Statistics running, ParameterVector weights, Batch batch, Scope scope) {
        int outputs = outputs(network, batch);
        double[][] sum = new double[batch.size()][batch.size()];
        for (int c = 0; c < outputs; c++) {
            try (Scope step = scope.child("kernel")) {
                double[][] gram = gradients(network, running, weights, batch, c, step)
                        .gram()
                        .toArray();
                for (int i = 0; i < gram.length; i++) {
                    for (int j = 0; j < gram.length; j++) {
                        sum[i][j] += gram[i][j] / outputs;
                    }
                }
            }
        }
        return sum;
    }

    /** The whole kernel [B C][B C], row i C + c for output c of sample i. Work: C^2 Gram matrices. */
    public static double[][] full(
            Network network, @Nullable Statistics running, ParameterVector weights, Batch batch, Scope scope) {
        int outputs = outputs(network, batch);
        int n = batch.size();
        double[][] kernel = new double[n * outputs][n * outputs];
        try (Scope step = scope.child("kernel")) {
            List<SampleGradients> rows = new ArrayList<>();
            for (int c = 0; c < outputs; c++) {
                rows.add(gradients(network, running, weights, batch, c, step));
            }
            for (int c = 0; c < outputs; c++) {
                for (int d = 0; d < outputs; d++) {
                    double[][] gram = rows.get(c).gram(rows.get(d)).toArray();
                    for (int i = 0; i < n; i++) {
                        for (int j = 0; j < n; j++) {
                            kernel[i * outputs + c][j * outputs + d] = gram[i][j];
                        }
                    }
                }
            }
        }
        return kernel;
    }

    /** The whole kernel of some examples of a source, with its running statistics. */
    public static double[][] full(BatchGradients source, ParameterVector weights, Scope scope, int... examples) {
        try (Scope step = scope.child("examples")) {
            Batch batch = source.data().batch(step, weights.dtype(), examples);
            return full(source.network(), source.statistics(), weights, batch, step);
        }
    }

    /**
     * Alignment of a kernel with targets: y'Ky / (|K|_F |y|^2), in [0, 1] for a positive semi-definite K: 1 where K is y y' up
     * to a factor. Shan and Bordelon 2021.
     */
    public static double alignment(double[][] kernel, double[] y) {
        double along = 0;
        double squared = 0;
        double length = 0;
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < y.length; j++) {
                along += y[i] * kernel[i][j] * y[j];
                squared += kernel[i][j] * kernel[i][j];
            }
            length += y[i] * y[i];
        }
        return along / (Math.sqrt(squared) * length);
    }

    private static int outputs(Network network, Batch batch) {
        var type = network.outputType(batch.inputs().type());
        if (type.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "tangent kernel: needs outputs [B, C], the network gives " + type.shape());
        }
        return type.shape().dim(1);
    }

    private static SampleGradients gradients(
            Network network, @Nullable Statistics running, ParameterVector weights, Batch batch, int c, Scope scope) {
        PerSample perSample = PerSample.of(network, new Output(c));
        return (running == null ? perSample : perSample.withStatistics(running)).at(weights, batch, scope);
    }

    /** Output c itself, as if it were a loss. */
    private record Output(int c) implements PerSampleLoss {
        @Override
        public <T extends Value> T perSample(Ops<T> ops, T output, T target) {
            return ops.sum(ops.slice(output, 1, c, c + 1), 1);
        }
    }
}
