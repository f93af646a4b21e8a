package dev.seiche.autograd;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Rule;
import dev.seiche.autograd.rule.Rules;
import dev.seiche.autograd.rule.SampleAxis;
import dev.seiche.autograd.rule.SampleFlow;
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
    private record Node<T extends Value, O extends Op>(Rule<O> rule, O op, List<T> in, T out, int[] ids)
            implements Step<T> {
        @Override
        public int source(int input) {
            return ids[input];
        }

        @Override
        public T vjp(Ops<T> ops, int input, T dy) {
            return rule.vjp(ops, op, in, out, input, dy);
        }

        @Override
        public T vjpRows(Ops<T> ops, int input, T dy) {
            return rule.vjpRows(ops, op, in, out, input, dy);
        }

        @Override
        public @Nullable T jvp(Ops<T> ops, List<@Nullable T> tangents) {
            return rule.jvp(ops, op, in, out, tangents);
        }

        @Override
        public SampleFlow samples(SampleAxis at, int input) {
            return rule.samples(op, in, out, at, input);
        }

        @Override
        public Factors<T> factors(Ops<T> ops, int input, SampleAxis at, T dy) {
            return rule.factors(ops, op, in, out, input, at, dy);
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
        return backward(y, cotangent, inner);
    }

    /**
     * The same, computed by another interpreter of the inner one's values: over {@code Eager}, that of the scope in which
     * the gradients, and all that is needed on the way to them, shall be born.
     */
    public Gradients<T> backward(Var<T> y, T cotangent, Ops<T> ops) {
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
                    propagate(ops, node, dy, arrived);
                }
            }
        }
        return new Gradients<>(this, ops, arrived);
    }

    /**
     * The Jacobian-vector product: how {@code y} changes as the leaves move along {@code directions}, exact for whatever was
     * recorded. Goes over the record forward; nothing of the function is computed again.
     *
     * @param directions one of each leaf's type
     * @param ops computes with the inner interpreter's values, as in {@link #backward(Var, Value, Ops)}
     * @return of y's type
     */
    public T forward(Var<T> y, List<Var<T>> leaves, List<T> directions, Ops<T> ops) {
        requireThread();
        requireMine(y, "forward");
        if (leaves.size() != directions.size()) {
            throw new IllegalArgumentException("forward: " + leaves.size() + " leaves move, but there are "
                    + directions.size() + " directions; give one for each");
        }
        Map<Integer, T> moving = new HashMap<>();
        for (int i = 0; i < leaves.size(); i++) {
            requireLeaf(leaves.get(i));
            T direction = directions.get(i);
            if (!direction.type().equals(leaves.get(i).type())) {
                throw new IllegalArgumentException("forward: a direction must have the type of its leaf"
                        + "\n  leaf: " + leaves.get(i).describe()
                        + "\n  direction: " + direction.describe());
            }
            moving.merge(leaves.get(i).id(), direction, ops::add);
        }
        for (int id = 0; id <= y.id(); id++) {
            Node<T, ?> node = nodes.get(id);
            if (node != null) {
                T tangent = tangent(ops, node, moving);
                if (tangent != null) {
                    moving.put(id, tangent);
                }
            }
        }
        T tangent = moving.get(y.id());
        return tangent != null ? tangent : ops.fill(y.type(), 0.0);
    }

    private static <T extends Value> @Nullable T tangent(Ops<T> ops, Node<T, ?> node, Map<Integer, T> moving) {
        List<@Nullable T> tangents = new ArrayList<>();
        boolean any = false;
        for (int id : node.ids()) {
            T tangent = moving.get(id);
            tangents.add(tangent);
            any |= tangent != null;
        }
        return any ? node.jvp(ops, tangents) : null;
    }

    /** What was recorded, op by op. */
    public Trace<T> trace() {
        requireThread();
        return new Trace<>(this, nodes);
    }

    private static <T extends Value> void propagate(Ops<T> ops, Node<T, ?> node, T dy, Map<Integer, T> arrived) {
        int[] ids = node.ids();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != Var.CONSTANT) {
                T dx = node.vjp(ops, i, dy);
                T sofar = arrived.get(ids[i]);
                arrived.put(ids[i], sofar == null ? dx : ops.add(sofar, dx));
            }
        }
    }

    /** The interpreter that the values are computed by. */
    public Ops<T> inner() {
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

    void requireMine(Var<T> x, String what) {
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
