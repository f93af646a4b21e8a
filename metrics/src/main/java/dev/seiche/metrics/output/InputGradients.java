package dev.seiche.metrics.output;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Statistics;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.List;

/**
 * Gradients of outputs with respect to inputs, and how alike those of near inputs are: they shatter with depth in networks
 * without skip paths. Balduzzi, Frean, Leary, Lewis, Ma, McWilliams, "The shattered gradients problem", 2017. Pure functions.
 */
public final class InputGradients {
    private InputGradients() {}

    /**
     * The gradient of the sum of an input's outputs, for each input [B, ...], evaluating; flattened to [B][elements]. Output
     * per unit of input.
     */
    public static double[][] of(BatchGradients source, ParameterVector weights, Tensor inputs, Scope scope) {
        Network network = source.network();
        Statistics known = source.statistics();
        try (Scope step = scope.child("input gradients")) {
            Statistics running = known == null ? network.initStatistics(step, weights.dtype()) : known;
            Tape<Tensor> tape = new Tape<>(step.ops());
            Var<Tensor> x = tape.watch(inputs);
            List<Var<Tensor>> w = weights.tensors().stream().map(tape::constant).toList();
            List<Var<Tensor>> statistics =
                    running.tensors().stream().map(tape::constant).toList();
            Var<Tensor> outputs = network.forward(network.evaluating(tape, w, statistics), x);
            Tensor ones = step.ops().fill(outputs.type(), 1);
            double[] flat = tape.backward(outputs, ones).of(x).toDoubles();
            int count = inputs.shape().dim(0);
            int size = flat.length / Math.max(1, count);
            double[][] rows = new double[count][size];
            for (int i = 0; i < count; i++) {
                System.arraycopy(flat, i * size, rows[i], 0, size);
            }
            return rows;
        }
    }

    /** Points from one example to another, both included, at equal distances: [count, ...], born in {@code scope}. */
    public static Tensor line(BatchGradients source, int from, int to, int count, DType dtype, Scope scope) {
        double[] ends = source.data().batch(scope, dtype, from, to).inputs().toDoubles();
        int size = ends.length / 2;
        double[] points = new double[count * size];
        for (int i = 0; i < count; i++) {
            double share = i / (count - 1.0);
            for (int k = 0; k < size; k++) {
                points[i * size + k] = (1 - share) * ends[k] + share * ends[size + k];
            }
        }
        return scope.tensor(dtype, Shape.of(count).concat(source.data().inputs().shape()), points);
    }

    /**
     * How alike gradients are that lie {@code lag} places apart: the mean of g_i.g_{i+lag} by the mean of |g_i|^2. About 1
     * where the gradient is nearly constant, about 0 where it is white noise. No unit.
     */
    public static double autocorrelation(double[][] gradients, int lag) {
        double products = 0;
        double squares = 0;
        for (int i = 0; i < gradients.length; i++) {
            for (int k = 0; k < gradients[i].length; k++) {
                squares += gradients[i][k] * gradients[i][k];
                products += i + lag < gradients.length ? gradients[i][k] * gradients[i + lag][k] : 0;
            }
        }
        return products / (gradients.length - lag) / (squares / gradients.length);
    }
}
