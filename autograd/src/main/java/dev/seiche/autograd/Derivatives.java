package dev.seiche.autograd;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Derivatives of a {@link Differentiable} at a point, each through interpreters stacked over the one given; results live
 * where that one puts them. Everything here works over any interpreter: over a tape or a dual it differentiates again.
 *
 * <p>A second derivative is exact up to rounding and taken piece by piece: a kink, as in relu or max pooling, adds
 * nothing to it.
 */
public final class Derivatives {
    private Derivatives() {}

    /** The gradient of a scalar function, one value per input, of its type. All inputs must be f32 or f64. */
    public static <T extends Value> List<T> gradient(Ops<T> ops, Differentiable f, List<T> at) {
        Tape<T> tape = new Tape<>(ops);
        List<Var<T>> leaves = watch(tape, at);
        return of(tape.backward(f.apply(tape, leaves)), leaves);
    }

    /** The vector-Jacobian product: the gradient of {@code sum(f * cotangent)}, for a cotangent of the result's type. */
    public static <T extends Value> List<T> vjp(Ops<T> ops, Differentiable f, List<T> at, T cotangent) {
        Tape<T> tape = new Tape<>(ops);
        List<Var<T>> leaves = watch(tape, at);
        return of(tape.backward(f.apply(tape, leaves), cotangent), leaves);
    }

    /** The Jacobian-vector product: how the result changes along {@code direction}, one value per input of its type. */
    public static <T extends Value> T jvp(Ops<T> ops, Differentiable f, List<T> at, List<T> direction) {
        Dual<T> dual = new Dual<>(ops);
        return tangent(ops, f.apply(dual, along(dual, at, direction)));
    }

    /**
     * The Hessian of a scalar function times a direction: a tape over a dual, which differentiates the gradient forward
     * along the direction. Costs about two gradients.
     */
    public static <T extends Value> List<T> hvp(Ops<T> ops, Differentiable f, List<T> at, List<T> direction) {
        Dual<T> dual = new Dual<>(ops);
        List<DualNumber<T>> gradient = gradient(dual, f, along(dual, at, direction));
        return gradient.stream().map(g -> tangent(ops, g)).toList();
    }

    /**
     * The same product by a tape over a tape, which goes back over the gradient's inner product with the direction. It
     * shares no forward-mode rule with {@link #hvp}, which makes it the check on it; it costs more time and memory.
     */
    public static <T extends Value> List<T> hvpByDoubleBackward(
            Ops<T> ops, Differentiable f, List<T> at, List<T> direction) {
        requireOnePerInput(at, direction);
        Tape<T> tape = new Tape<>(ops);
        List<Var<T>> leaves = watch(tape, at);
        List<Var<T>> gradient = gradient(tape, f, leaves);
        Var<T> slope = tape.dot(gradient.get(0), tape.constant(direction.get(0)));
        for (int i = 1; i < gradient.size(); i++) {
            slope = tape.add(slope, tape.dot(gradient.get(i), tape.constant(direction.get(i))));
        }
        return of(tape.backward(slope), leaves);
    }

    private static <T extends Value> List<Var<T>> watch(Tape<T> tape, List<T> at) {
        return at.stream().map(tape::watch).toList();
    }

    private static <T extends Value> List<T> of(Gradients<T> gradients, List<Var<T>> leaves) {
        return leaves.stream().map(gradients::of).toList();
    }

    private static <T extends Value> List<DualNumber<T>> along(Dual<T> dual, List<T> at, List<T> direction) {
        requireOnePerInput(at, direction);
        List<DualNumber<T>> out = new ArrayList<>(at.size());
        for (int i = 0; i < at.size(); i++) {
            out.add(dual.of(at.get(i), direction.get(i)));
        }
        return out;
    }

    private static <T extends Value> T tangent(Ops<T> ops, DualNumber<T> number) {
        T tangent = number.tangent();
        return tangent != null ? tangent : ops.zerosLike(number.value());
    }

    private static void requireOnePerInput(List<?> at, List<?> direction) {
        if (at.isEmpty() || at.size() != direction.size()) {
            throw new IllegalArgumentException(
                    "derivative: the function takes " + at.size() + " inputs, the direction has " + direction.size()
                            + "; give one of each input's type, and at least one input");
        }
    }
}
