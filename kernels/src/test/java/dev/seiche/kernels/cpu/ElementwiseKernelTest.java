package dev.seiche.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.kernels.cpu.OpCases.Case;
import dev.seiche.kernels.cpu.OpCases.Input;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Binary;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.FusedOp;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElementwiseKernelTest {
    private final CpuBackend reference = CpuBackend.open(CpuOptions.defaults().withLevel(CpuOptions.Level.REFERENCE));
    private final CpuBackend vector = CpuBackend.open(CpuOptions.defaults().withLevel(CpuOptions.Level.VECTOR), true);

    @AfterEach
    void closeWithoutALeak() {
        assertThat(vector.liveBytes()).isZero();
        vector.close();
        reference.close();
    }

    private static List<Op> ops(int operands) {
        List<Op> ops = new ArrayList<>();
        for (OpCases.Maker maker : OpCases.all().values()) {
            Case c = maker.make(new Draws(1), DType.F32);
            if (operands == 1 ? c.op() instanceof Unary : c.op() instanceof Binary) {
                ops.add(c.op());
            }
        }
        return ops;
    }

    @Test
    void zerosInfinitiesNaNsAndSubnormalsGiveWhatTheReferenceGives() {
        double[] special = {
            0.0,
            -0.0,
            1,
            -1,
            0.5,
            -0.5,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1e-42,
            -1e-42,
            1e-310,
            3e38,
            -3e38,
            88.8,
            104,
            -104,
            710,
            -746,
            20,
            -20
        };
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (Op op : ops(1)) {
                double[] expected = unary(reference, op, dtype, special);
                double[] actual = unary(vector, op, dtype, special);
                for (int i = 0; i < special.length; i++) {
                    assertSame(op, dtype, expected[i], actual[i], special[i], special[i]);
                }
            }
            for (Op op : ops(2)) {
                if (op instanceof FusedOp) {
                    continue; // in f32 a product may overflow that the reference holds in double
                }
                for (double b : special) {
                    double[] expected = binary(reference, op, dtype, special, b);
                    double[] actual = binary(vector, op, dtype, special, b);
                    for (int i = 0; i < special.length; i++) {
                        assertSame(op, dtype, expected[i], actual[i], special[i], b);
                    }
                }
            }
        }
    }

    /** Equal, or within 8 units in the last place, which no vector function exceeds on these arguments. */
    private static void assertSame(Op op, DType dtype, double expected, double actual, double a, double b) {
        double unit = dtype == DType.F32 ? Math.ulp((float) expected) : Math.ulp(expected);
        boolean same = expected == actual
                || (Double.isNaN(expected) && Double.isNaN(actual))
                || Math.abs(expected - actual) <= 8 * unit;
        assertThat(same)
                .as("%s %s of %s, %s: %s, reference %s", dtype, op, a, b, actual, expected)
                .isTrue();
    }

    private static double[] unary(CpuBackend backend, Op op, DType dtype, double[] x) {
        try (Scope scope = Scope.root(backend, "test")) {
            return scope.ops()
                    .apply(op, List.of(scope.tensor(dtype, Shape.of(x.length), x)))
                    .toDoubles();
        }
    }

    private static double[] binary(CpuBackend backend, Op op, DType dtype, double[] x, double b) {
        try (Scope scope = Scope.root(backend, "test")) {
            Tensor a = scope.tensor(dtype, Shape.of(x.length), x);
            return scope.ops().apply(op, List.of(a, scope.scalar(dtype, b))).toDoubles();
        }
    }

    @Test
    void anElementHasTheSameBitsWhereverItStands() {
        double[] values = new double[3000];
        Rng.seed(5).uniform(values);
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (Op op : ops(1)) {
                double[] whole = unary(vector, op, dtype, values);
                for (int start : new int[] {1, 7, 2047, 2995}) {
                    double[] rest = unary(vector, op, dtype, Arrays.copyOfRange(values, start, values.length));
                    assertThat(rest)
                            .as("%s from %d", op, start)
                            .isEqualTo(Arrays.copyOfRange(whole, start, whole.length));
                }
            }
        }
    }

    @Test
    void anOpMayWriteOverItsOwnOperand() {
        for (CpuBackend backend : List.of(reference, vector)) {
            try (Scope scope = Scope.root(backend, "test")) {
                Eager ops = scope.ops();
                Tensor w = scope.tensor(DType.F32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
                Tensor row = scope.tensor(DType.F32, Shape.of(3), 10, 20, 30);
                ops.applyInto(new AddScaled(-0.5), List.of(w, row), w);
                assertThat(w.toDoubles()).containsExactly(-4, -8, -12, -1, -5, -9);
                ops.applyInto(new Mul(), List.of(w, w), w);
                assertThat(w.toDoubles()).containsExactly(16, 64, 144, 1, 25, 81);
                // a part of a larger tensor is left as it is around the part
                Tensor second = ops.slice(w, 0, 1, 2);
                ops.applyInto(new Scale(2), List.of(second), second);
                assertThat(w.toDoubles()).containsExactly(16, 64, 144, 2, 50, 162);
                // the other half of the same memory is no overlap
                ops.applyInto(new Add(), List.of(second, ops.slice(w, 0, 0, 1)), second);
                assertThat(w.toDoubles()).containsExactly(16, 64, 144, 18, 114, 306);
            }
        }
    }

    @Test
    void writingOverAnOperandInAnotherOrderIsRefused() {
        for (CpuBackend backend : List.of(reference, vector)) {
            try (Scope scope = Scope.root(backend, "test")) {
                Eager ops = scope.ops();
                Tensor w = scope.tensor(DType.F32, Shape.of(2, 2), 1, 2, 3, 4);
                assertThatThrownBy(() -> ops.applyInto(new Add(), List.of(w, ops.transpose(w, 1, 0)), w))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("overlaps");
                assertThatThrownBy(() -> ops.applyInto(new Add(), List.of(w, ops.slice(w, 0, 0, 1)), w))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("overlaps");
                Tensor row = ops.slice(w, 0, 0, 1);
                assertThatThrownBy(() ->
                                ops.applyInto(new Relu(), List.of(ops.slice(ops.reshape(w, 1, 4), 1, 1, 3)), row))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void castsRoundAndTruncateAsDocumented() {
        for (CpuBackend backend : List.of(reference, vector)) {
            try (Scope scope = Scope.root(backend, "test")) {
                Tensor x = scope.tensor(DType.F64, Shape.of(4), 1.9, -1.9, 1 + 0x1p-30, 2.5);
                assertThat(scope.ops().apply(new Cast(DType.I32), List.of(x)).toInts())
                        .containsExactly(1, -1, 1, 2);
                assertThat(scope.ops().apply(new Cast(DType.F32), List.of(x)).toFloats())
                        .containsExactly(1.9f, -1.9f, 1f, 2.5f);
            }
        }
    }

    @Test
    void rowsAndColumnsOfEverySizeAreBroadcast() {
        for (int columns : new int[] {1, 3, 10, 64, 255, 256, 257, 2048, 2049, 5000}) {
            Case c = new Case(
                    new Add(),
                    List.of(Input.of(Shape.of(7, columns)), Input.of(Shape.of(columns)), Input.of(Shape.of(7, 1))),
                    OpCases.Bound.EXACT,
                    0);
            for (int other : new int[] {1, 2}) {
                double[] a = numbers(c.inputs().get(0).shape(), 1);
                double[] b = numbers(c.inputs().get(other).shape(), 2);
                try (Scope scope = Scope.root(vector, "test")) {
                    Tensor x = scope.tensor(DType.F64, c.inputs().get(0).shape(), a);
                    Tensor y = scope.tensor(DType.F64, c.inputs().get(other).shape(), b);
                    double[] sum = scope.ops().add(x, y).toDoubles();
                    for (int i = 0; i < sum.length; i++) {
                        assertThat(sum[i]).isEqualTo(a[i] + b[other == 1 ? i % columns : i / columns]);
                    }
                }
            }
        }
    }

    private static double[] numbers(Shape shape, long seed) {
        double[] values = new double[(int) shape.size()];
        Rng.seed(seed).uniform(values);
        return values;
    }
}
