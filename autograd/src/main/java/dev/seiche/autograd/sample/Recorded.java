package dev.seiche.autograd.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Losses on a tape and the leaves that are asked about: what can still be gone over forward and backward. */
record Recorded(Tape<Tensor> tape, Var<Tensor> losses, List<Var<Tensor>> leaves) {
    Recorded {
        leaves = List.copyOf(leaves);
    }

    /** Where the record's values live. */
    Scope scope() {
        return ((Eager) tape.inner()).scope();
    }

    List<TensorType> types() {
        return leaves.stream().map(Var::type).toList();
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            String name = leaves.get(leaf).value().name();
            names.add(name == null ? "leaf " + leaf : name);
        }
        return names;
    }

    /** The derivative of each loss along a direction, by going over the record forward. */
    double[] along(List<Tensor> direction) {
        try (Scope work = scope().child("jvp")) {
            return tape.forward(losses, leaves, direction, work.ops()).toDoubles();
        }
    }

    /** The gradient of the losses' inner product with some weights [B], by one backward pass. */
    List<Tensor> weighted(double[] weights, Scope into) {
        try (Scope work = into.child("weighted")) {
            Tensor cotangent = work.tensor(losses.dtype(), losses.shape(), weights);
            var gradients = tape.backward(losses, cotangent, work.ops());
            return leaves.stream().map(leaf -> into.keep(gradients.of(leaf))).toList();
        }
    }

    /** The gradient of one loss alone. */
    List<Tensor> backward(Eager ops, int sample) {
        int samples = losses.shape().dim(0);
        Tensor one = ops.fill(losses.type().withShape(Shape.of(1)), 1.0);
        int[] before = {sample};
        int[] after = {samples - 1 - sample};
        var gradients = tape.backward(losses, ops.pad(one, before, after, 0.0), ops);
        return leaves.stream().map(gradients::of).toList();
    }

    /** The gradients in factors, by one reverse pass; refuses samples that meet unless contributions are asked for. */
    List<LeafGradients> factors(boolean contribution) {
        Eager ops = scope().ops();
        int samples = losses.shape().dim(0);
        if (samples <= 1) {
            return ofOne(ops);
        }
        Trace<Tensor> trace = tape.trace();
        int number = trace.number(losses);
        Map<Integer, List<Factors<Tensor>>> found = Map.of();
        if (number != Trace.CONSTANT) {
            Set<Integer> wanted = new HashSet<>();
            leaves.forEach(leaf -> wanted.add(trace.leaf(leaf)));
            Dependence dependence = new Dependence(trace, number, wanted, samples, contribution);
            found = new SamplePass(trace, ops, dependence).run(number, ops.fill(losses.type(), 1.0));
        }
        List<LeafGradients> out = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            List<Factors<Tensor>> uses = found.getOrDefault(trace.leaf(leaves.get(leaf)), List.of());
            out.add(new LeafGradients(ops, names().get(leaf), leaves.get(leaf).type(), samples, uses));
        }
        return out;
    }

    /** One sample meets nobody: its gradient is that of the batch. None has none. */
    private List<LeafGradients> ofOne(Eager ops) {
        int samples = losses.shape().dim(0);
        var gradients = tape.backward(losses, ops.fill(losses.type(), 1.0));
        List<LeafGradients> out = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            TensorType type = leaves.get(leaf).type();
            Shape rows = Shape.of(samples).concat(type.shape());
            Tensor value = samples == 1
                    ? ops.reshape(gradients.of(leaves.get(leaf)), rows)
                    : ops.fill(type.withShape(rows), 0.0);
            out.add(new LeafGradients(ops, names().get(leaf), type, samples, List.of(new Factors.Rows<>(value))));
        }
        return out;
    }
}
