package dev.seiche.autograd.sample;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the gradients of a batch agree, element by element: one f64 tensor of each leaf's shape. From one reading of all
 * gradients.
 *
 * @param mean over samples
 * @param variance over samples, divided by B - 1: an unbiased estimate of that of the distribution they were drawn from
 * @param agreement of signs: the absolute mean of the sign of each sample's element, 0 where as many are above as below zero,
 *     1 where all are on one side
 */
public record ElementStatistics(List<Tensor> mean, List<Tensor> variance, List<Tensor> agreement) {
    public ElementStatistics {
        mean = List.copyOf(mean);
        variance = List.copyOf(variance);
        agreement = List.copyOf(agreement);
    }

    /**
     * @param about a mean that differs from the true one by rounding only: sums of squares about it do not cancel
     */
    static ElementStatistics of(GradientRows rows, List<Tensor> about, Planner planner, Scope into) {
        int samples = rows.samples();
        if (samples < 2) {
            throw new IllegalArgumentException(
                    "element statistics: " + samples + " sample has no variance; give a batch of 2 or more");
        }
        try (Scope work = into.child("element statistics")) {
            List<Tensor> sums = zeros(rows, work);
            List<Tensor> squares = zeros(rows, work);
            List<Tensor> signs = zeros(rows, work);
            GradientRows.PassAction inOnePass = (leaf, gradients, step) -> {
                Eager ops = step.ops();
                Tensor moments = gradients.moments(ops, Optional.of(about.get(leaf)));
                Tensor wide = ops.cast(moments, DType.F64);
                List<List<Tensor>> to = List.of(sums, squares, signs);
                for (int k = 0; k < to.size(); k++) {
                    Tensor sum = to.get(k).get(leaf);
                    add(ops, sum, ops.reshape(ops.slice(wide, 0, k, k + 1), sum.shape()));
                }
            };
            rows.slices(planner, inOnePass, (leaf, from, slice, step) -> {
                Eager ops = step.ops();
                Tensor centre = ops.cast(about.get(leaf), DType.F64);
                Tensor apart = ops.sub(ops.cast(slice, DType.F64), centre);
                add(ops, sums.get(leaf), ops.sum(apart, 0));
                add(ops, squares.get(leaf), ops.sum(ops.square(apart), 0));
                add(ops, signs.get(leaf), ops.cast(ops.sum(ops.sign(slice), 0), DType.F64));
            });
            List<Tensor> mean = new ArrayList<>();
            List<Tensor> variance = new ArrayList<>();
            List<Tensor> agreement = new ArrayList<>();
            Eager ops = work.ops();
            for (int leaf = 0; leaf < sums.size(); leaf++) {
                Tensor rest = ops.scale(sums.get(leaf), 1.0 / samples);
                mean.add(into.ops().add(ops.cast(about.get(leaf), DType.F64), rest));
                Tensor centred = ops.sub(squares.get(leaf), ops.scale(ops.square(rest), samples));
                variance.add(into.ops().scale(centred, 1.0 / (samples - 1)));
                agreement.add(into.ops().scale(ops.abs(signs.get(leaf)), 1.0 / samples));
            }
            return new ElementStatistics(mean, variance, agreement);
        }
    }

    private static List<Tensor> zeros(GradientRows rows, Scope work) {
        return rows.types().stream()
                .map(type -> work.ops().fill(new TensorType(DType.F64, type.shape()), 0.0))
                .toList();
    }

    private static void add(Eager ops, Tensor sum, Tensor more) {
        ops.applyInto(new Add(), List.of(sum, more), sum);
    }

    /**
     * The signal-to-noise ratio of each element, mean^2 / variance; infinite where the samples agree to the last bit, NaN
     * where all are zero. Liu et al., "Understanding why neural networks generalize well through GSNR of parameters", 2020.
     */
    public List<Tensor> signalToNoise(Scope into) {
        List<Tensor> out = new ArrayList<>();
        try (Scope work = into.child("signal to noise")) {
            for (int leaf = 0; leaf < mean.size(); leaf++) {
                out.add(into.ops().div(work.ops().square(mean.get(leaf)), variance.get(leaf)));
            }
        }
        return out;
    }
}
