package dev.seiche.autograd.sample;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whole gradients, a few at a time, each time in a scope of its own: formed from factors, or by a backward pass of each
 * sample's loss alone where there are none. At least one of record and parts is there.
 */
record GradientRows(
        Scope scope,
        int samples,
        List<TensorType> types,
        @Nullable Recorded record,
        @Nullable List<LeafGradients> parts) {

    /** What is done with the gradient of sample i, one tensor per leaf; {@code step} closes after it. */
    @FunctionalInterface
    interface Action {
        void with(int i, List<Tensor> gradient, Scope step);
    }

    /** What is done with the gradients of samples from {@code from} on with respect to one leaf: rows [n, leaf...]. */
    @FunctionalInterface
    interface SliceAction {
        void with(int leaf, int from, Tensor rows, Scope step);
    }

    /** One sample after the other, all leaves at once. */
    void each(Action action) {
        for (int i = 0; i < samples; i++) {
            try (Scope step = scope.child("sample")) {
                action.with(i, gradient(step.ops(), i), step);
            }
        }
    }

    /** What may be done with a leaf whose gradients can be read in one pass; {@code step} closes after it. */
    @FunctionalInterface
    interface PassAction {
        void with(int leaf, FusedFactors gradients, Scope step);
    }

    /**
     * All samples of a leaf before the next leaf: in one pass, or as many at once as the budget holds; without factors, sample
     * by sample.
     */
    void slices(Planner planner, PassAction pass, SliceAction action) {
        if (parts == null) {
            each((i, gradient, step) -> {
                for (int leaf = 0; leaf < gradient.size(); leaf++) {
                    Shape row = Shape.of(1).concat(types.get(leaf).shape());
                    action.with(leaf, i, step.ops().reshape(gradient.get(leaf), row), step);
                }
            });
            return;
        }
        for (int leaf = 0; leaf < parts.size(); leaf++) {
            LeafGradients part = parts.get(leaf);
            Optional<FusedFactors> fused = part.readInOnePass(planner);
            if (fused.isPresent()) {
                try (Scope step = scope.child("pass")) {
                    pass.with(leaf, fused.get(), step);
                }
                continue;
            }
            int n = planner.gradientsAtOnce(part.shape(), samples, part.type().dtype());
            for (int from = 0; from < samples; from += n) {
                try (Scope step = scope.child("rows")) {
                    action.with(leaf, from, part.rows(step.ops(), from, Math.min(from + n, samples)), step);
                }
            }
        }
    }

    /** All of them: [B, leaf...] for each leaf, born in {@code into}. */
    List<Tensor> all(Scope into) {
        List<Tensor> out = types.stream()
                .map(type -> into.allocate(type.withShape(Shape.of(samples).concat(type.shape()))))
                .toList();
        each((i, gradient, step) -> {
            for (int leaf = 0; leaf < gradient.size(); leaf++) {
                Tensor place = into.ops().slice(out.get(leaf), 0, i, i + 1);
                Tensor row = step.ops().reshape(gradient.get(leaf), place.shape());
                step.ops().applyInto(new Copy(), List.of(row), place);
            }
        });
        return out;
    }

    /** The mean over samples of the square of each element, of the leaves' types; sample by sample. */
    List<Tensor> secondMoment(Scope into) {
        try (Scope work = into.child("second moment")) {
            List<Tensor> sums = types.stream()
                    .map(type -> work.ops().fill(new TensorType(DType.F64, type.shape()), 0.0))
                    .toList();
            each((i, gradient, step) -> {
                for (int leaf = 0; leaf < gradient.size(); leaf++) {
                    Tensor square = step.ops().cast(step.ops().square(gradient.get(leaf)), DType.F64);
                    step.ops().applyInto(new Add(), List.of(sums.get(leaf), square), sums.get(leaf));
                }
            });
            List<Tensor> means = new ArrayList<>();
            for (int leaf = 0; leaf < types.size(); leaf++) {
                Tensor mean = work.ops().scale(sums.get(leaf), 1.0 / samples);
                means.add(into.keep(work.ops().cast(mean, types.get(leaf).dtype())));
            }
            return means;
        }
    }

    private List<Tensor> gradient(Eager ops, int i) {
        if (parts == null) {
            if (record == null) {
                throw new AssertionError("gradients with neither record nor factors");
            }
            return record.backward(ops, i);
        }
        List<Tensor> gradient = new ArrayList<>();
        for (LeafGradients part : parts) {
            gradient.add(ops.reshape(part.rows(ops, i, i + 1), part.type().shape()));
        }
        return gradient;
    }
}
