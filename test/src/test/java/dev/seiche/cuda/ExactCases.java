package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Uniform;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Kernels whose answers are exact: they move integers, convert numbers and draw random ones. */
final class ExactCases {
    private ExactCases() {}

    /** They all come out on this backend. */
    static void comeOut(CudaBackend backend) {
        idsAndCountsMoveAsIntegers(backend);
        castsFollowJava(backend);
        drawsHaveTheBitsOfTheirStreams(backend);
    }

    private static void idsAndCountsMoveAsIntegers(CudaBackend backend) {
        try (Scope scope = Scope.root(backend, "test")) {
            Eager ops = scope.ops();
            Tensor x = scope.tensor(Shape.of(2, 3), new int[] {1, -2, 3, 1 << 30, 5, Integer.MIN_VALUE});
            Tensor ids = scope.tensor(Shape.of(2), new int[] {1, 1});
            assertThat(ops.apply(new Concat(0), List.of(x, x)).toInts())
                    .containsExactly(1, -2, 3, 1 << 30, 5, Integer.MIN_VALUE, 1, -2, 3, 1 << 30, 5, Integer.MIN_VALUE);
            assertThat(ops.apply(new Gather(0), List.of(x, ids)).toInts())
                    .containsExactly(1 << 30, 5, Integer.MIN_VALUE, 1 << 30, 5, Integer.MIN_VALUE);
            assertThat(ops.apply(new Pick(), List.of(x, ids)).toInts()).containsExactly(-2, 5);
            assertThat(ops.apply(new ScatterAdd(1, 5), List.of(x, scope.tensor(Shape.of(3), new int[] {4, 0, 4})))
                            .toInts())
                    .containsExactly(-2, 0, 0, 0, 4, 5, 0, 0, 0, (1 << 30) + Integer.MIN_VALUE);
            assertThat(ops.apply(new Fill(new TensorType(DType.I32, Shape.of(2)), -7), List.of())
                            .toInts())
                    .containsExactly(-7, -7);
        }
    }

    private static void castsFollowJava(CudaBackend backend) {
        try (Scope scope = Scope.root(backend, "test")) {
            Eager ops = scope.ops();
            double[] values = {0.0, -0.0, 1.9, -1.9, 3e9, -3e9, Double.NaN, 1e-300, Double.NEGATIVE_INFINITY};
            Tensor f64 = scope.tensor(DType.F64, Shape.of(values.length), values);
            Tensor f32 = ops.apply(new Cast(DType.F32), List.of(f64));
            Tensor ints = ops.apply(new Cast(DType.I32), List.of(f64));
            Tensor viaF32 = ops.apply(new Cast(DType.I32), List.of(f32));
            for (int i = 0; i < values.length; i++) {
                assertThat(Float.valueOf(f32.toFloats()[i])).isEqualTo(Float.valueOf((float) values[i]));
                assertThat(ints.toInts()[i]).isEqualTo((int) values[i]);
                assertThat(viaF32.toInts()[i]).isEqualTo((int) (float) values[i]);
            }
            Tensor large = scope.tensor(Shape.of(2), new int[] {16777217, -5});
            assertThat(ops.apply(new Cast(DType.F32), List.of(large)).toFloats())
                    .containsExactly(16777216f, -5f);
            assertThat(ops.apply(new Cast(DType.F64), List.of(large)).toDoubles())
                    .containsExactly(16777217, -5);
        }
    }

    private static void drawsHaveTheBitsOfTheirStreams(CudaBackend backend) {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (int n : new int[] {1, 2, 257, 1000}) {
                Rng rng = Rng.seed(n);
                TensorType type = new TensorType(dtype, Shape.of(n));
                MemorySegment uniform = MemorySegment.ofArray(new double[n]);
                MemorySegment normal = MemorySegment.ofArray(new double[n]);
                if (dtype == DType.F32) {
                    rng.uniformF32(uniform.asSlice(0, 4L * n), 0);
                    rng.normalF32(normal.asSlice(0, 4L * n), 0);
                } else {
                    rng.uniformF64(uniform, 0);
                    rng.normalF64(normal, 0);
                }
                double[] kept = draw(backend, new Bernoulli(rng, 0.3, type));
                double[] flat = draw(backend, new Uniform(rng, type));
                double[] bell = draw(backend, new Normal(rng, type));
                for (int i = 0; i < n; i++) {
                    assertThat(kept[i]).isEqualTo(rng.bernoulli(i, 0.3) ? 1 : 0);
                    assertThat(flat[i]).isEqualTo(element(dtype, uniform, i));
                    assertThat(bell[i]).isEqualTo(element(dtype, normal, i));
                }
            }
        }
    }

    private static double element(DType dtype, MemorySegment memory, int i) {
        return dtype == DType.F32
                ? memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)
                : memory.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
    }

    private static double[] draw(CudaBackend backend, Op op) {
        try (Scope scope = Scope.root(backend, "test")) {
            return scope.ops().apply(op, List.of()).toDoubles();
        }
    }
}
