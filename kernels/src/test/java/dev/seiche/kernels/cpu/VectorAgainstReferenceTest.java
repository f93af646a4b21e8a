package dev.seiche.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cpu.OpCases.Bound;
import dev.seiche.kernels.cpu.OpCases.Case;
import dev.seiche.kernels.cpu.OpCases.Input;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class VectorAgainstReferenceTest {
    private static final CpuBackend REFERENCE = poisoned(CpuOptions.defaults().withLevel(CpuOptions.Level.REFERENCE));
    private static final CpuBackend VECTOR_1 = poisoned(vector().withThreads(1));
    private static final CpuBackend VECTOR_2 = poisoned(vector().withThreads(2));
    private static final CpuBackend NATIVE_1 = poisoned(CpuOptions.defaults().withThreads(1));
    private static final CpuBackend NATIVE_2 = poisoned(CpuOptions.defaults().withThreads(2));

    /** Fresh memory is NaN, so that an element that a kernel leaves out shows. */
    private static CpuBackend poisoned(CpuOptions options) {
        return CpuBackend.open(options, true);
    }

    private static CpuOptions vector() {
        return CpuOptions.defaults().withLevel(CpuOptions.Level.VECTOR);
    }

    @AfterContainer
    static void close() {
        for (CpuBackend backend : List.of(REFERENCE, VECTOR_1, VECTOR_2, NATIVE_1, NATIVE_2)) {
            assertThat(backend.liveBytes()).isZero();
            backend.close();
        }
    }

    @Provide
    Arbitrary<String> ops() {
        return Arbitraries.of(OpCases.all().keySet());
    }

    @Provide
    Arbitrary<String> nativeOps() {
        return Arbitraries.of("matmul", "linear", "conv2d", "conv2d_input", "conv2d_weight", "conv2d large");
    }

    @Property(tries = 1000)
    void everyOpIsWithinItsErrorBoundAndHasTheSameBitsForAnyNumberOfThreads(
            @ForAll("ops") String name, @ForAll DTypes floating, @ForAll long seed) {
        compare(name, floating.dtype, seed, VECTOR_1, VECTOR_2);
    }

    @Property(tries = 250)
    void nativeKernelsAreWithinTheSameBounds(
            @ForAll("nativeOps") String name, @ForAll DTypes floating, @ForAll long seed) {
        compare(name, floating.dtype, seed, NATIVE_1, NATIVE_2);
    }

    private static void compare(String name, DType dtype, long seed, CpuBackend one, CpuBackend two) {
        Case c = Objects.requireNonNull(OpCases.all().get(name)).make(new Draws(seed), dtype);
        double[] expected = run(REFERENCE, c, dtype, seed, false);
        double[] actual = run(one, c, dtype, seed, false);
        assertThat(run(two, c, dtype, seed, false))
                .as("%s on 1 and 2 threads", c)
                .isEqualTo(actual);
        double[] magnitude = c.bound() == Bound.TERMS ? run(REFERENCE, c, dtype, seed, true) : expected;
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (!close(c, dtype, expected[i], actual[i], magnitude[i])) {
                throw new AssertionError(
                        "%s %s: element %d is %s, reference %s".formatted(dtype, c, i, actual[i], expected[i]));
            }
        }
    }

    enum DTypes {
        F32(DType.F32),
        F64(DType.F64);

        private final DType dtype;

        DTypes(DType dtype) {
            this.dtype = dtype;
        }
    }

    private static boolean close(Case c, DType dtype, double expected, double actual, double magnitude) {
        if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
            return true;
        }
        double eps = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
        double tiny = dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        double scale = c.bound() == Bound.ABSOLUTE ? 1 : Math.max(Math.abs(magnitude), tiny);
        return c.bound() != Bound.EXACT && Math.abs(expected - actual) <= c.amount() * eps * scale;
    }

    private static double[] run(CpuBackend backend, Case c, DType dtype, long seed, boolean absolute) {
        try (Scope scope = Scope.root(backend, "case")) {
            List<Tensor> in = new ArrayList<>();
            Rng rng = Rng.seed(seed).fold("values");
            for (int i = 0; i < c.inputs().size(); i++) {
                in.add(Views.of(scope, c.inputs().get(i), dtype, rng.fold(i), absolute));
            }
            return scope.ops().apply(c.op(), in).toDoubles();
        }
    }

    /** Tensors of given values in random layouts. */
    private static final class Views {
        static Tensor of(Scope scope, Input input, DType dtype, Rng rng, boolean absolute) {
            Shape shape = input.shape();
            double[] values = new double[Math.toIntExact(shape.size())];
            rng.uniform(values);
            for (int i = 0; i < values.length; i++) {
                double value = input.low() + (input.high() - input.low()) * values[i];
                if (input.ids()) {
                    value = Math.floor(value);
                } else if (i % 5 == 0) {
                    value = Math.rint(value); // so that equal elements and zeros occur
                }
                values[i] = absolute && !input.selects() ? Math.abs(value) : value;
            }
            Tensor dense = scope.tensor(input.ids() ? DType.I32 : dtype, shape, values);
            return disguise(scope.ops(), dense, rng.fold("layout"));
        }

        /** The same elements, perhaps with strides: laid out transposed, or as a part of a larger tensor. */
        private static Tensor disguise(Eager ops, Tensor x, Rng rng) {
            int rank = x.shape().rank();
            int disguise = rng.below(0, 3);
            if (disguise == 0) {
                int[] order = rng.permutation(rank);
                int[] back = new int[rank];
                for (int k = 0; k < rank; k++) {
                    back[order[k]] = k;
                }
                return ops.transpose(ops.contiguous(ops.transpose(x, order)), back);
            }
            return disguise == 1 && rank > 0 && x.dtype() != DType.I32 ? partOfLarger(ops, x, rng) : x;
        }

        private static Tensor partOfLarger(Eager ops, Tensor x, Rng rng) {
            int rank = x.shape().rank();
            int[] before = new int[rank];
            int[] after = new int[rank];
            int[] stop = new int[rank];
            int[] step = new int[rank];
            for (int k = 0; k < rank; k++) {
                before[k] = rng.below(1 + k, 3);
                after[k] = rng.below(9 + k, 2);
                stop[k] = before[k] + x.shape().dim(k);
                step[k] = 1;
            }
            return ops.slice(ops.pad(x, before, after, 0), before, stop, step);
        }
    }
}
