package dev.seiche.autograd.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whole gradients, one sample after the other, each in a scope of its own: formed from factors, or by a backward pass from
 * that sample's loss alone where there are none.
 */
record OneByOne(
        Tape<Tensor> tape,
        Var<Tensor> losses,
        List<Var<Tensor>> leaves,
        @Nullable List<LeafGradients> parts) {

    /** What is done with the gradient of sample i, one tensor per leaf; {@code step} closes after it. */
    @FunctionalInterface
    interface Action {
        void with(int i, List<Tensor> gradient, Scope step);
    }

    void each(Action action) {
        int samples = losses.shape().dim(0);
        Scope scope = ((Eager) tape.inner()).scope();
        for (int i = 0; i < samples; i++) {
            try (Scope step = scope.child("sample")) {
                action.with(i, parts == null ? backward(step.ops(), i, samples) : formed(step.ops(), parts, i), step);
            }
        }
    }

    /** All of them: [B, leaf...] for each leaf, born in {@code into}. */
    List<Tensor> all(Scope into) {
        Shape samples = losses.shape();
        List<Tensor> out = leaves.stream()
                .map(leaf -> into.allocate(leaf.type().withShape(samples.concat(leaf.shape()))))
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

    private List<Tensor> backward(Eager ops, int i, int samples) {
        Tensor one = ops.fill(losses.type().withShape(Shape.of(1)), 1.0);
        int[] before = {i};
        int[] after = {samples - 1 - i};
        var gradients = tape.backward(losses, ops.pad(one, before, after, 0.0), ops);
        return leaves.stream().map(gradients::of).toList();
    }

    private static List<Tensor> formed(Eager ops, List<LeafGradients> parts, int i) {
        List<Tensor> gradient = new ArrayList<>();
        for (LeafGradients part : parts) {
            gradient.add(ops.reshape(part.rows(ops, i, i + 1), part.type().shape()));
        }
        return gradient;
    }
}
