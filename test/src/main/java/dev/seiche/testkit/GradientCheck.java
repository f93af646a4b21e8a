package dev.seiche.testkit;

import dev.seiche.autograd.Differentiable;
import dev.seiche.autograd.Dual;
import dev.seiche.autograd.DualNumber;
import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks the first derivatives of a function in f64 along random directions. For a random direction v of the inputs and
 * a random cotangent u of the result, with J the Jacobian, three numbers must agree:
 *
 * <ul>
 *   <li>the central difference of {@code <u, f>} along v, which uses no derivative rule;
 *   <li>{@code <u, J v>}, the JVP by {@link Dual};
 *   <li>{@code <J' u, v>}, the VJP by {@link Tape}.
 * </ul>
 *
 * The last two are the transpose law and agree to rounding. The inputs must lie away from kinks, by more than 1e-4.
 */
public final class GradientCheck {
    /** Truncation grows with the step's square, cancellation with its inverse: 1e-5 leaves about 1e-10 of each in f64. */
    private static final double STEP = 1e-5;

    /** Relative to |u| (|J v| + |f|): room for third derivatives up to 1000 and for sums of rounding errors. */
    private static final double DIFFERENCE_TOLERANCE = 1e-7;

    /** Relative to |u| |J v| + |J' u| |v|: both sides are exact but for the rounding of up to some 1000 terms. */
    private static final double TRANSPOSE_TOLERANCE = 1e-12;

    private static final int DIRECTIONS = 2;

    private final Scope scope;
    private final Rng rng;

    /** Computes in a child of {@code scope}; directions are a function of {@code rng} only. */
    public GradientCheck(Scope scope, Rng rng) {
        this.scope = scope;
        this.rng = rng;
    }

    /** A single op as a function of its operands. */
    public static Differentiable function(Op op) {
        return new Differentiable() {
            @Override
            public <T extends Value> T apply(Ops<T> ops, List<T> in) {
                return ops.apply(op, in);
            }

            @Override
            public String toString() {
                return op.toString();
            }
        };
    }

    /** Checks the derivative with respect to all f64 inputs. */
    public void check(Differentiable f, List<Tensor> at) {
        check(
                f,
                at,
                IntStream.range(0, at.size())
                        .filter(i -> at.get(i).dtype() == DType.F64)
                        .boxed()
                        .toList());
    }

    /**
     * Checks the derivative with respect to the inputs of these indices, which must be f64 as must the result; the others
     * stay constant.
     *
     * @throws AssertionError when two of the three numbers disagree; the message has all of them and the operands
     */
    public void check(Differentiable f, List<Tensor> at, List<Integer> withRespectTo) {
        for (int k = 0; k < DIRECTIONS; k++) {
            try (Scope step = scope.child("gradient check")) {
                new Direction(step, rng.fold(k), f, at, withRespectTo).check();
            }
        }
    }

    /** One direction v and one cotangent u. */
    private static final class Direction {
        private final Eager ops;
        private final Differentiable f;
        private final List<Tensor> at;
        private final List<Integer> moving;
        private final List<Tensor> v;
        private final Tensor y;
        private final Tensor u;

        Direction(Scope scope, Rng rng, Differentiable f, List<Tensor> at, List<Integer> moving) {
            this.ops = scope.ops();
            this.f = f;
            this.at = at;
            this.moving = moving;
            this.v = moving.stream()
                    .map(i -> normal(scope, at.get(i).shape(), rng.fold("v").fold(i)))
                    .toList();
            this.y = f.apply(ops, at);
            this.u = normal(scope, y.shape(), rng.fold("u"));
        }

        void check() {
            Tensor jv = jvp();
            List<Tensor> ju = vjp();
            double difference = difference();
            double forward = dot(u, jv);
            double backward = dot(ju, v);
            double scale = norm(u) * (norm(jv) + norm(y));
            double rounding = norm(u) * norm(jv) + Math.sqrt(dot(ju, ju) * dot(v, v));
            // written so that NaN fails
            if (Math.abs(difference - forward) <= DIFFERENCE_TOLERANCE * scale
                    && Math.abs(difference - backward) <= DIFFERENCE_TOLERANCE * scale
                    && Math.abs(forward - backward) <= TRANSPOSE_TOLERANCE * rounding) {
                return;
            }
            throw new AssertionError("""
                    %s: derivatives disagree
                      central difference %.17g   allowed to differ by %.3e
                      <u, J v> by JVP    %.17g
                      <J' u, v> by VJP   %.17g   allowed to differ from the JVP by %.3e%s""".formatted(
                            f,
                            difference,
                            DIFFERENCE_TOLERANCE * scale,
                            forward,
                            backward,
                            TRANSPOSE_TOLERANCE * rounding,
                            operands()));
        }

        private double difference() {
            double[] ahead = f.apply(ops, moved(STEP)).toDoubles();
            double[] behind = f.apply(ops, moved(-STEP)).toDoubles();
            double[] weights = u.toDoubles();
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * ((ahead[i] - behind[i]) / (2 * STEP));
            }
            return sum;
        }

        private List<Tensor> moved(double step) {
            List<Tensor> out = new ArrayList<>(at);
            for (int k = 0; k < moving.size(); k++) {
                out.set(moving.get(k), ops.add(at.get(moving.get(k)), ops.scale(v.get(k), step)));
            }
            return out;
        }

        private Tensor jvp() {
            Dual<Tensor> dual = new Dual<>(ops);
            List<DualNumber<Tensor>> in = new ArrayList<>();
            at.forEach(x -> in.add(dual.constant(x)));
            for (int k = 0; k < moving.size(); k++) {
                in.set(moving.get(k), dual.of(at.get(moving.get(k)), v.get(k)));
            }
            Tensor tangent = f.apply(dual, in).tangent();
            return tangent != null ? tangent : ops.zerosLike(y);
        }

        private List<Tensor> vjp() {
            Tape<Tensor> tape = new Tape<>(ops);
            List<Var<Tensor>> in = new ArrayList<>();
            at.forEach(x -> in.add(tape.constant(x)));
            moving.forEach(i -> in.set(i, tape.watch(at.get(i))));
            Gradients<Tensor> gradients = tape.backward(f.apply(tape, in), u);
            return moving.stream().map(i -> gradients.of(in.get(i))).toList();
        }

        private String operands() {
            return IntStream.range(0, at.size())
                    .mapToObj(i -> "\n  in" + i + (moving.contains(i) ? "" : " (constant)") + ": " + at.get(i))
                    .collect(Collectors.joining());
        }
    }

    private static Tensor normal(Scope scope, Shape shape, Rng rng) {
        double[] values = new double[Math.toIntExact(shape.size())];
        rng.normal(values);
        return scope.tensor(DType.F64, shape, values);
    }

    private static double norm(Tensor x) {
        return Math.sqrt(dot(x, x));
    }

    private static double dot(List<Tensor> a, List<Tensor> b) {
        double sum = 0;
        for (int k = 0; k < a.size(); k++) {
            sum += dot(a.get(k), b.get(k));
        }
        return sum;
    }

    private static double dot(Tensor a, Tensor b) {
        double[] x = a.toDoubles();
        double[] y = b.toDoubles();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
