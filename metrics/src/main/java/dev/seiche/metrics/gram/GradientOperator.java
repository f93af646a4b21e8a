package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.nn.NetworkJacobian;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Matrices over samples as linear maps, for {@link dev.seiche.metrics.curvature.Lanczos}: {@code J (J^T u)} with the rows of J
 * gradients, so that no matrix is formed. One product goes over the data twice, a batch at a time; memory is that of one batch
 * and of two vectors of parameters.
 *
 * <pre>{@code
 * Spectrum spectrum = Lanczos.largest(5).solve(
 *         GradientOperator.covariance(source, 128), GradientOperator.vector(source.samples(), DType.F64, model), key, model);
 * }</pre>
 */
public final class GradientOperator {
    private GradientOperator() {}

    /** A vector of zeros over samples, or whatever else is counted: the space that the operators work in. */
    public static ParameterVector vector(int size, DType dtype, Scope into) {
        Parameter samples = new Parameter("samples", Shape.of(size), Init.zeros(), new Fans(1, 1));
        return ParameterVector.of(
                List.of(samples), List.of(into.ops().fill(new TensorType(dtype, samples.shape()), 0.0)));
    }

    /** The Gram matrix of all samples' gradients. */
    public static LinearOperator gram(GradientSource source, int batch) {
        return (u, into) -> through(u, product(source, batch, u.toDoubles(), into), into);
    }

    /**
     * The centred Gram matrix over N, {@code <g_i - m, g_j - m> / N} with m the mean gradient: its eigenvalues above 0 are those
     * of the gradients' covariance.
     */
    public static LinearOperator covariance(GradientSource source, int batch) {
        return (u, into) -> {
            double[] image = product(source, batch, centred(u.toDoubles()), into);
            double[] out = centred(image);
            for (int i = 0; i < out.length; i++) {
                out[i] /= source.samples();
            }
            return through(u, out, into);
        };
    }

    /**
     * The empirical neural tangent kernel: of all outputs of all samples, sample by sample. Exact also where samples meet.
     *
     * @param batches the record of a network's outputs for a batch, in a scope
     * @param count of batches
     */
    public static LinearOperator tangentKernel(BiFunction<Integer, Scope, NetworkJacobian> batches, int count) {
        return (u, into) -> {
            double[] weights = u.toDoubles();
            double[] out = new double[weights.length];
            try (Scope work = into.child("tangent kernel")) {
                ParameterVector sum = transposed(batches, count, weights, work);
                int at = 0;
                for (int b = 0; b < count; b++) {
                    try (Scope step = work.child("batch")) {
                        double[] image = batches.apply(b, step).along(sum);
                        System.arraycopy(image, 0, out, at, image.length);
                        at += image.length;
                    }
                }
            }
            return through(u, out, into);
        };
    }

    private static ParameterVector through(ParameterVector like, double[] values, Scope into) {
        return like.withValues(values, into);
    }

    private static double[] product(GradientSource source, int batch, double[] u, Scope scope) {
        double[] out = new double[u.length];
        try (Scope work = scope.child("product")) {
            List<Tensor> sum = transposed(source, batch, u, work);
            for (int from = 0; from < u.length; from += batch) {
                int[] samples = range(from, batch, u.length);
                try (Scope step = work.child("batch")) {
                    double[] image = source.gradients(samples, step).dot(sum);
                    System.arraycopy(image, 0, out, from, image.length);
                }
            }
        }
        return out;
    }

    /** {@code J^T u}, added up in f64. */
    private static List<Tensor> transposed(GradientSource source, int batch, double[] u, Scope work) {
        List<Tensor> sums = null;
        for (int from = 0; from < u.length; from += batch) {
            int[] samples = range(from, batch, u.length);
            try (Scope step = work.child("batch")) {
                SampleGradients gradients = source.gradients(samples, step);
                List<Tensor> part = gradients.weighted(Arrays.copyOfRange(u, from, from + samples.length), step);
                sums = add(sums, part, step, work);
            }
        }
        List<Tensor> out = new ArrayList<>();
        for (Tensor sum : sums == null ? List.<Tensor>of() : sums) {
            out.add(work.ops().cast(sum, source.dtype()));
        }
        return out;
    }

    private static List<Tensor> add(@Nullable List<Tensor> sums, List<Tensor> part, Scope step, Scope work) {
        if (sums == null) {
            return part.stream()
                    .map(t -> work.keep(step.ops().cast(t, DType.F64)))
                    .toList();
        }
        for (int leaf = 0; leaf < part.size(); leaf++) {
            Tensor wide = step.ops().cast(part.get(leaf), DType.F64);
            step.ops().applyInto(new Add(), List.of(sums.get(leaf), wide), sums.get(leaf));
        }
        return sums;
    }

    private static ParameterVector transposed(
            BiFunction<Integer, Scope, NetworkJacobian> batches, int count, double[] u, Scope work) {
        List<Tensor> sums = null;
        List<Parameter> parameters = List.of();
        DType dtype = DType.F64;
        int at = 0;
        for (int b = 0; b < count; b++) {
            try (Scope step = work.child("batch")) {
                NetworkJacobian jacobian = batches.apply(b, step);
                int size = jacobian.outputs();
                ParameterVector part = jacobian.transposed(Arrays.copyOfRange(u, at, at + size), step);
                sums = add(sums, part.tensors(), step, work);
                parameters = part.parameters();
                dtype = part.dtype();
                at += size;
            }
        }
        List<Tensor> out = new ArrayList<>();
        for (Tensor sum : sums == null ? List.<Tensor>of() : sums) {
            out.add(work.ops().cast(sum, dtype));
        }
        return ParameterVector.of(parameters, out);
    }

    private static int[] range(int from, int batch, int end) {
        return IntStream.range(from, Math.min(from + batch, end)).toArray();
    }

    private static double[] centred(double[] u) {
        double mean = Arrays.stream(u).sum() / u.length;
        return Arrays.stream(u).map(x -> x - mean).toArray();
    }
}
