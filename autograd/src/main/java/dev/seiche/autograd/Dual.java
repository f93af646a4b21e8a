package dev.seiche.autograd;

import dev.seiche.autograd.rule.Rules;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forward-mode differentiation: every value carries its derivative along one direction, computed by each op's JVP
 * through the same inner interpreter. Over {@code Eager} it gives directional derivatives; under a {@link Tape}, exact
 * Hessian-vector products.
 *
 * <p>An op without a derivative throws as soon as it meets a tangent; wrap its input in {@code stopGradient} where only
 * the value is wanted. Stateless: it is confined to a thread only as far as the inner interpreter is.
 *
 * @param <T> what the inner interpreter computes with
 */
public final class Dual<T extends Value> implements Ops<DualNumber<T>> {
    private final Ops<T> inner;
    private final Rules rules;

    /** Values and tangents are computed by {@code inner}, derivatives taken from the standard rules. */
    public Dual(Ops<T> inner) {
        this(inner, Rules.standard());
    }

    /** As {@link #Dual(Ops)}, with a table that may know further ops. */
    public Dual(Ops<T> inner, Rules rules) {
        this.inner = inner;
        this.rules = rules;
    }

    /** A value that moves along {@code tangent}, which has its type. */
    public DualNumber<T> of(T value, T tangent) {
        return new DualNumber<>(value, tangent);
    }

    /** A value that does not move. */
    public DualNumber<T> constant(T value) {
        return new DualNumber<>(value, null);
    }

    @Override
    public DualNumber<T> lift(Tensor constant) {
        return constant(inner.lift(constant));
    }

    @Override
    public DualNumber<T> apply(Op op, List<DualNumber<T>> in) {
        List<T> values = new ArrayList<>(in.size());
        List<@Nullable T> tangents = new ArrayList<>(in.size());
        boolean moves = false;
        for (DualNumber<T> x : in) {
            values.add(x.value());
            tangents.add(x.tangent());
            moves |= x.tangent() != null;
        }
        T out = inner.apply(op, values);
        return new DualNumber<>(out, moves ? rules.of(op).jvp(inner, op, values, out, tangents) : null);
    }
}
