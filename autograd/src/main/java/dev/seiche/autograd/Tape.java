package dev.seiche.autograd;

import dev.seiche.autograd.rule.Rule;
import dev.seiche.autograd.rule.Rules;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation: runs every op through an inner interpreter, records those on a path from a watched
 * leaf, and goes back over them. Over {@code Eager} it is backpropagation; over a {@link Dual} it gives
 * Hessian-vector products; over another tape, double backward.
 *
 * <pre>{@code
 * Tape<Tensor> tape = new Tape<>(scope.ops());
 * Var<Tensor> w = tape.watch(weight);
 * Var<Tensor> loss = tape.mean(tape.square(tape.linear(tape.constant(x), w)));
 * Tensor gradient = tape.backward(loss).of(w);
 * }</pre>
 *
 * It owns no memory and frees none: values live where the inner interpreter puts them, and must live as long as the
 * tape is used. Confined to the thread that made it.
 *
 * @param <T> what the inner interpreter computes with
 */
public final class Tape<T extends Value> implements Ops<Var<T>> {
    private final Ops<T> inner;
    private final Rules rules;
    private final Thread owner = Thread.currentThread();
    /** By variable id, in recording order: null for a watched leaf. */
    private final List<@Nullable Node<T, ?>> nodes = new ArrayList<>();

    /** Values are computed by {@code inner}, derivatives taken from the standard rules. */
    public Tape(Ops<T> inner) {
        this(inner, Rules.standard());
    }

    /** As {@link #Tape(Ops)}, with a table that may know further ops. */
    public Tape(Ops<T> inner, Rules rules) {
        this.inner = inner;
        this.rules = rules;
    }

    /** One recorded op: what its VJP needs, and the ids of the inputs that a cotangent goes on to. */
    private record Node<T extends Value, O extends Op>(Rule<O> rule, O op, List<T> in, T out, int[] ids) {
        T vjp(Ops<T> ops, int input, T dy) {
            return rule.vjp(ops, op, in, out, input, dy);
        }
    }

    /** A leaf to differentiate with respect to; must be f32 or f64. */
    public Var<T> watch(T leaf) {
        requireThread();
        if (!leaf.dtype().floating()) {
            throw new IllegalArgumentException(
                    "watch: only f32 and f64 have derivatives, got " + leaf.describe() + "; use constant");
        }
        nodes.add(null);
        return new Var<>(this, leaf, nodes.size() - 1);
    }

    /** A value that no derivative flows to. */
    public Var<T> constant(T value) {
        return new Var<>(this, value, Var.CONSTANT);
    }

    @Override
    public Var<T> lift(Tensor tensor) {
        return constant(inner.lift(tensor));
    }

    @Override
    public Var<T> apply(Op op, List<Var<T>> in) {
        requireThread();
        List<T> values = new ArrayList<>(in.size());
        boolean tracked = false;
        for (Var<T> x : in) {
            requireMine(x, op.name());
            values.add(x.value());
            tracked |= x.tracked();
        }
        T out = inner.apply(op, values);
        return tracked ? record(op, in, values, out) : constant(out);
    }

    private <O extends Op> Var<T> record(O op, List<Var<T>> in, List<T> values, T out) {
        Rule<O> rule = rules.of(op);
        int[] ids = new int[in.size()];
        boolean flows = false;
        for (int i = 0; i < ids.length; i++) {
            ids[i] = rule.flowsTo(i) ? in.get(i).id() : Var.CONSTANT;
            flows |= ids[i] != Var.CONSTANT;
        }
        if (!flows) {
            return constant(out);
        }
        nodes.add(new Node<>(rule, op, values, out, ids));
        return new Var<>(this, out, nodes.size() - 1);
    }

    /**
     * The gradient of a scalar with respect to all watched leaves. May be called again, for this or another result.
     *
     * @throws IllegalArgumentException when {@code scalar} has an axis
     */
    public Gradients<T> backward(Var<T> scalar) {
        requireThread();
        requireMine(scalar, "backward");
        if (scalar.shape().rank() != 0) {
            throw new IllegalArgumentException("backward: needs a scalar, got " + scalar.describe()
                    + "; reduce it with sum or mean, or give a cotangent of its type: backward(y, cotangent)");
        }
        return backward(scalar, inner.fill(scalar.type(), 1.0));
    }

    /**
     * The vector-Jacobian product: the derivative of {@code sum(y * cotangent)} with respect to all watched leaves. May
     * be called again.
     *
     * @throws IllegalArgumentException when the cotangent's type differs from y's
     * @throws dev.seiche.autograd.rule.NonDifferentiableException when an op on the way back has no derivative
     */
    public Gradients<T> backward(Var<T> y, T cotangent) {
        requireThread();
        requireMine(y, "backward");
        if (!cotangent.type().equals(y.type())) {
            throw new IllegalArgumentException("backward: the cotangent must have the type of y"
                    + "\n  y: " + y.describe()
                    + "\n  cotangent: " + cotangent.describe());
        }
        Map<Integer, T> arrived = new HashMap<>();
        if (y.tracked()) {
            arrived.put(y.id(), cotangent);
        }
        for (int id = y.id(); id >= 0; id--) {
            Node<T, ?> node = nodes.get(id);
            if (node != null) {
                T dy = arrived.remove(id);
                if (dy != null) {
                    propagate(node, dy, arrived);
                }
            }
        }
        return new Gradients<>(this, arrived);
    }

    private void propagate(Node<T, ?> node, T dy, Map<Integer, T> arrived) {
        int[] ids = node.ids();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != Var.CONSTANT) {
                T dx = node.vjp(inner, i, dy);
                T sofar = arrived.get(ids[i]);
                arrived.put(ids[i], sofar == null ? dx : inner.add(sofar, dx));
            }
        }
    }

    Ops<T> inner() {
        return inner;
    }

    void requireLeaf(Var<T> leaf) {
        requireThread();
        requireMine(leaf, "gradient");
        if (!leaf.tracked() || nodes.get(leaf.id()) != null) {
            throw new IllegalArgumentException("gradient: " + leaf.describe() + " is "
                    + (leaf.tracked() ? "computed" : "a constant") + ", not a leaf; make it with tape.watch(value)");
        }
    }

    private void requireMine(Var<T> x, String what) {
        if (x.tape() != this) {
            throw new IllegalArgumentException(
                    what + ": " + x.describe()
                            + " is a variable of another tape; bring its value here with constant(x.value()) or watch(x.value())");
        }
    }

    private void requireThread() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the tape belongs to thread '" + owner.getName() + "', used by '"
                    + Thread.currentThread().getName() + "': record one tape per thread");
        }
    }
}
