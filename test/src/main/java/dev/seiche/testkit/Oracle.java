package dev.seiche.testkit;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cpu.CpuOptions.Level;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import java.util.Set;

/** What the reference kernels, in f64, make of a case: the answer that every other kernel is held to. */
public final class Oracle {
    private static final CpuOptions REFERENCE =
            CpuOptions.defaults().withLevel(Level.REFERENCE).withThreads(1);

    /** Rounding the operands to f32 may flip these ops' results. */
    private static final Set<String> DISCONTINUOUS = Set.of("equal", "greater", "greater_equal", "arg_max", "sign");

    private final OpSpec<?> spec;
    private final OpCase c;
    private final double[] answer;

    private Oracle(OpSpec<?> spec, OpCase c, double[] answer) {
        this.spec = spec;
        this.c = c;
        this.answer = answer;
    }

    /** Computes the answer. */
    public static Oracle of(OpSpec<?> spec, OpCase c) {
        double[] answer = Testbed.compute(
                () -> CpuBackend.open(REFERENCE),
                scope -> scope.ops().apply(c.op(), c.tensors(scope, DType.F64)).toDoubles());
        return new Oracle(spec, c, answer);
    }

    /** True when the op's result in f32 is within rounding of the answer for f64 operands. */
    public static boolean continuous(Op op) {
        return !DISCONTINUOUS.contains(op.name());
    }

    /**
     * Checks a result that was computed in {@code dtype}: f32 sees its operands rounded, which costs one more unit of each
     * beside what the spec allows.
     *
     * @param what computed it, for the message
     * @throws AssertionError naming the first element that is too far off, and how to see the case again
     */
    public void check(double[] y, DType dtype, String what) {
        double eps = dtype == DType.F32 ? 2 * Math.ulp(1f) : Math.ulp(1.0);
        if (y.length != answer.length) {
            throw new AssertionError(what + ": " + y.length + " elements instead of " + answer.length + ": " + c);
        }
        for (int i = 0; i < y.length; i++) {
            double allowed = spec.tolerance(c, eps, answer[i], magnitude());
            // written so that NaN fails where the answer is a number
            boolean close = Double.compare(y[i], answer[i]) == 0 || Math.abs(y[i] - answer[i]) <= allowed;
            if (!close) {
                throw new AssertionError(what + ": element " + i + " is " + y[i] + ", the answer is " + answer[i]
                        + ", allowed to differ by " + allowed + ": " + c);
            }
        }
    }

    /** The product of the operands' largest magnitudes. */
    private double magnitude() {
        double product = 1;
        for (Operand operand : c.operands()) {
            product *= switch (operand.kind()) {
                case UNIFORM -> Math.max(Math.abs(operand.low()), Math.abs(operand.high()));
                case GRID, MASK, IDS -> 1;
                case DISTINCT -> Math.max(1, 0.01 * operand.shape().size());
            };
        }
        return product;
    }
}
