package dev.seiche.autograd.sample;

import dev.seiche.autograd.Step;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.SampleAxis;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Transpose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The one reverse pass that gives the factors of all leaves. Every loss gets the cotangent 1, so where a value holds the
 * samples, part i of its cotangent is the derivative of loss i. Where a sample's value meets a shared one, the op's rule
 * gives factors in place of a summed gradient; those go on, per sample, through ops on parameters alone.
 */
final class SamplePass {
    private final Trace<Tensor> trace;
    private final Eager ops;
    private final Dependence dependence;
    /** Cotangents of values that hold samples, or of shared ones that samples are behind. */
    private final Map<Integer, Tensor> arrived = new HashMap<>();
    /** Per-sample cotangents of shared values. */
    private final Map<Integer, List<Factors<Tensor>>> factors = new HashMap<>();

    SamplePass(Trace<Tensor> trace, Eager ops, Dependence dependence) {
        this.trace = trace;
        this.ops = ops;
        this.dependence = dependence;
    }

    /** Factors by the number of the leaf. */
    Map<Integer, List<Factors<Tensor>>> run(int losses, Tensor ones) {
        arrived.put(losses, ones);
        for (int v = losses; v >= 0; v--) {
            Step<Tensor> step = trace.step(v);
            if (step != null && dependence.matters(v)) {
                SampleAxis axis = dependence.axis(v);
                Tensor dy = arrived.remove(v);
                List<Factors<Tensor>> rows = factors.remove(v);
                for (int i = 0; i < step.in().size(); i++) {
                    int source = step.source(i);
                    if (source != Trace.CONSTANT && dependence.matters(source)) {
                        if (dy != null && dependence.feedsSamples(source)) {
                            Tensor dx = step.vjp(ops, i, dy);
                            arrived.merge(source, dx, ops::add);
                        }
                        if (dependence.feedsLeaf(source)) {
                            if (axis != null) {
                                give(source, step.factors(ops, i, axis, Objects.requireNonNull(dy)));
                            } else if (rows != null) {
                                for (Factors<Tensor> each : rows) {
                                    give(source, through(step, i, each));
                                }
                            }
                        }
                    }
                }
            }
        }
        return factors;
    }

    private void give(int source, Factors<Tensor> more) {
        factors.computeIfAbsent(source, v -> new ArrayList<>()).add(more);
    }

    /** Factors of an op's input from those of its result, both shared by all samples. */
    private Factors<Tensor> through(Step<Tensor> step, int input, Factors<Tensor> of) {
        if (of instanceof Factors.Outer<Tensor> outer) {
            Side.Dense<Tensor> right = outer.right();
            if (step.op() instanceof Copy) {
                return outer;
            }
            if (step.op() instanceof Scale scale) {
                Tensor scaled = ops.scale(right.value(), scale.factor());
                return new Factors.Outer<>(outer.left(), new Side.Dense<>(scaled, right.groups()), outer.shape());
            }
            if (step.op() instanceof Transpose
                    && outer.shape().rank() == 2
                    && outer.left() instanceof Side.Dense<Tensor> left) {
                return new Factors.Outer<>(right, left, step.in().get(input).shape());
            }
        }
        Tensor rows = Slabs.rows(ops, of, 0, of.samples());
        return new Factors.Rows<>(step.vjpRows(ops, input, rows));
    }
}
