package dev.seiche.testkit;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What is known of one op, in one place: how to draw random cases of it, examples with known answers, how far f32 may be
 * from exact, and how much work a case is. The same spec drives kernel laws, derivative laws and benchmarks.
 *
 * @param <O> the op record
 */
public final class OpSpec<O extends Op> {
    /** A case with its known answer, in row-major order. */
    public record Example(Op op, List<Literal> in, Literal expected) {}

    private final Class<O> type;
    private final Function<Draw, Drawn> cases;
    private final List<Example> examples = new ArrayList<>();
    private double ulps = 4;
    private ToDoubleFunction<OpCase> terms = c -> 1;
    private ToDoubleFunction<OpCase> flops = c -> 0;

    /** An op with its operands, before a seed is attached. */
    public record Drawn(Op op, List<Operand> operands) {
        public static Drawn of(Op op, Operand... operands) {
            return new Drawn(op, List.of(operands));
        }
    }

    private OpSpec(Class<O> type, Function<Draw, Drawn> cases) {
        this.type = type;
        this.cases = cases;
    }

    public static <O extends Op> OpSpec<O> of(Class<O> type, Function<Draw, Drawn> cases) {
        return new OpSpec<>(type, cases);
    }

    /** A known answer. */
    public OpSpec<O> example(Op op, List<Literal> in, Literal expected) {
        examples.add(new Example(op, in, expected));
        return this;
    }

    /** Rounding allowed per result in units of eps * (|y| + scale of a term * sqrt of the number of terms summed). */
    public OpSpec<O> ulps(double allowed) {
        this.ulps = allowed;
        return this;
    }

    /** How many rounded terms one result adds up; 1 for elementwise ops. */
    public OpSpec<O> terms(ToDoubleFunction<OpCase> count) {
        this.terms = count;
        return this;
    }

    /** Floating point operations of a case, for throughput figures. */
    public OpSpec<O> flops(ToDoubleFunction<OpCase> count) {
        this.flops = count;
        return this;
    }

    public Class<O> type() {
        return type;
    }

    public List<Example> examples() {
        return List.copyOf(examples);
    }

    /** The random case of this seed. */
    public OpCase draw(long seed) {
        Drawn drawn = cases.apply(new Draw(Rng.seed(seed).fold("case")));
        return new OpCase(drawn.op(), drawn.operands(), seed);
    }

    /**
     * Largest error allowed for a result of exact value {@code exact} computed with unit round-off {@code eps} from
     * operands of magnitude up to {@code scale} (the product of the operands' largest magnitudes for products).
     * A sum of n rounded terms errs by at most about n eps times the sum of magnitudes (Higham, Accuracy and Stability,
     * section 4.2); kernels add in blocks, for which n may be taken as the count itself and still leave room.
     */
    public double tolerance(OpCase c, double eps, double exact, double scale) {
        double n = Math.max(1, terms.applyAsDouble(c));
        return ulps * eps * (Math.abs(exact) + n * Math.max(scale, 1.0));
    }

    public double flops(OpCase c) {
        return flops.applyAsDouble(c);
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
