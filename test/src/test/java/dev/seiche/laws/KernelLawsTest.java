package dev.seiche.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cpu.CpuOptions.Level;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.Testbed;
import dev.seiche.testkit.spec.OpSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every level of CPU kernels computes what the reference level computes, whatever the layout and thread count. */
class KernelLawsTest {
    private static final CpuOptions REFERENCE =
            CpuOptions.defaults().withLevel(Level.REFERENCE).withThreads(1);
    private static final List<CpuOptions> ALL = List.of(
            REFERENCE,
            REFERENCE.withLevel(Level.VECTOR).withNativeCode(false),
            CpuOptions.defaults().withThreads(2));

    static List<OpSpec<?>> specs() {
        return OpSpecs.all();
    }

    @Provide
    Arbitrary<OpSpec<?>> anySpec() {
        return Arbitraries.of(OpSpecs.all());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void knownAnswersComeOutAtEveryLevelAndType(OpSpec<?> spec) {
        for (CpuOptions options : ALL) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                for (OpSpec.Example example : spec.examples()) {
                    Testbed.run(() -> CpuBackend.open(options), scope -> {
                        List<Tensor> in = new ArrayList<>();
                        example.in().forEach(literal -> in.add(literal.tensor(scope, dtype)));
                        Tensor y = scope.ops().apply(example.op(), in);
                        double[] expected =
                                example.expected().tensor(scope, DType.F64).toDoubles();
                        // a few units in the last place of the type: the examples are exact or one rounded function
                        assertClose(
                                y.toDoubles(),
                                expected,
                                i -> 8 * eps(dtype) * Math.max(1, Math.abs(expected[i])),
                                example.op());
                        assertThat(y.shape()).isEqualTo(example.expected().shape());
                    });
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyLevelAgreesWithTheReference(OpSpec<?> spec) {
        for (long seed = 0; seed < 25; seed++) {
            levelsAgree(spec, seed);
        }
    }

    @Property(tries = 150)
    void everyLevelAgreesWithTheReferenceOnAnyCase(@ForAll("anySpec") OpSpec<?> spec, @ForAll long seed) {
        levelsAgree(spec, seed);
    }

    private static void levelsAgree(OpSpec<?> spec, long seed) {
        OpCase c = spec.draw(seed);
        double[] oracle = compute(REFERENCE, c, DType.F64);
        double scale = magnitude(c);
        for (CpuOptions options : ALL) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                if (dtype == DType.F32 && discontinuous(c.op())) {
                    continue;
                }
                double[] y = compute(options, c, dtype);
                // f32 sees its operands rounded, which costs one more unit of each
                double eps = eps(dtype) * (dtype == DType.F32 ? 2 : 1);
                assertClose(y, oracle, i -> spec.tolerance(c, eps, oracle[i], scale), c);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void stridedOperandsGiveWhatContiguousOnesGive(OpSpec<?> spec) {
        for (CpuOptions options : ALL) {
            for (long seed = 100; seed < 108; seed++) {
                OpCase c = spec.draw(seed);
                double[] plain = compute(options, c, DType.F32);
                double[] strided = Testbed.compute(() -> CpuBackend.open(options), scope -> {
                    List<Tensor> in = new ArrayList<>();
                    c.tensors(scope, DType.F32).forEach(t -> in.add(strided(scope, t)));
                    return scope.ops().apply(c.op(), in).toDoubles();
                });
                if (options.level() != Level.REFERENCE && readsTransposedInPlace(c.op())) {
                    assertClose(strided, plain, i -> spec.tolerance(c, eps(DType.F32), plain[i], magnitude(c)), c);
                } else {
                    assertThat(strided).as(c.repro()).isEqualTo(plain);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void threadCountsAndRepetitionsGiveTheSameBits(OpSpec<?> spec) {
        for (CpuOptions options : ALL) {
            for (long seed = 200; seed < 206; seed++) {
                OpCase c = spec.draw(seed);
                double[] one = compute(options.withThreads(1), c, DType.F32);
                assertThat(compute(options.withThreads(1), c, DType.F32))
                        .as(c.repro())
                        .isEqualTo(one);
                assertThat(compute(options.withThreads(2), c, DType.F32))
                        .as(c.repro())
                        .isEqualTo(one);
                assertThat(compute(options.withThreads(3), c, DType.F32))
                        .as(c.repro())
                        .isEqualTo(one);
            }
        }
    }

    private static double[] compute(CpuOptions options, OpCase c, DType dtype) {
        return Testbed.compute(
                () -> CpuBackend.open(options),
                scope -> scope.ops().apply(c.op(), c.tensors(scope, dtype)).toDoubles());
    }

    /** The same elements in reversed axis order in memory. */
    private static Tensor strided(Scope scope, Tensor t) {
        int rank = t.shape().rank();
        if (rank < 2) {
            return t;
        }
        int[] reversed = IntStream.range(0, rank).map(k -> rank - 1 - k).toArray();
        return scope.ops().transpose(scope.keep(scope.ops().transpose(t, reversed)), reversed);
    }

    /** Above the reference level, matrix products take a transposed operand as it lies, and so may add up in another order: rounding may differ. */
    private static boolean readsTransposedInPlace(Op op) {
        return List.of("matmul", "linear").contains(op.name());
    }

    /** Rounding the operands to f32 may flip these ops' results. */
    private static boolean discontinuous(Op op) {
        return List.of("equal", "greater", "greater_equal", "arg_max", "sign").contains(op.name());
    }

    private static double magnitude(OpCase c) {
        double product = 1;
        for (var operand : c.operands()) {
            product *= switch (operand.kind()) {
                case UNIFORM -> Math.max(Math.abs(operand.low()), Math.abs(operand.high()));
                case GRID, MASK, IDS -> 1;
                case DISTINCT -> Math.max(1, 0.01 * operand.shape().size());
            };
        }
        return product;
    }

    private static double eps(DType dtype) {
        return dtype == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
    }

    private static void assertClose(double[] actual, double[] expected, IntToDoubleFunction tolerance, Object what) {
        assertThat(actual).as(what.toString()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (Double.compare(actual[i], expected[i]) != 0) {
                assertThat(actual[i])
                        .as("element %d of %s", i, what)
                        .isCloseTo(expected[i], within(tolerance.applyAsDouble(i)));
            }
        }
    }
}
