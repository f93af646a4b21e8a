package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.EmulatedDevice;
import org.junit.jupiter.api.Test;

/** What tensor cores make of f32 products: how exact, and for those who ask only. */
class CudaTensorCoreTest {
    private static final int M = 150;
    private static final int K = 203;
    private static final int N = 137;

    @Test
    void threePassesErrLikeF32AndOnePassLikeTenBits() {
        CudaOptions options = EmulatedDevice.options();
        double[] exact = product(options, DType.F64);
        double f32 = error(product(options, DType.F32), exact);
        double three = error(product(options.withTf32(3), DType.F32), exact);
        double one = error(product(options.withTf32(1), DType.F32), exact);
        assertThat(three).isLessThanOrEqualTo(4 * f32);
        // each operand errs by at most 2^-11 of its size, so a product of numbers below 1 by 2^-10, and K of them by K
        // times that
        assertThat(one).isGreaterThan(10 * f32).isLessThanOrEqualTo(K * 0x1p-10);
    }

    @Test
    void f64IsLeftAlone() {
        CudaOptions options = EmulatedDevice.options();
        assertThat(product(options.withTf32(1), DType.F64)).isEqualTo(product(options, DType.F64));
    }

    private static double[] product(CudaOptions options, DType dtype) {
        try (CudaBackend backend = CudaBackend.open(options);
                Scope scope = Scope.root(backend, "test")) {
            double[] a = new double[M * K];
            double[] b = new double[K * N];
            Rng.seed(5).fold("a").uniform(a);
            Rng.seed(5).fold("b").uniform(b);
            for (int i = 0; i < a.length; i++) {
                a[i] = (float) (2 * a[i] - 1); // both types multiply the same numbers
            }
            for (int i = 0; i < b.length; i++) {
                b[i] = (float) (2 * b[i] - 1);
            }
            return scope.ops()
                    .matmul(scope.tensor(dtype, Shape.of(M, K), a), scope.tensor(dtype, Shape.of(K, N), b))
                    .toDoubles();
        }
    }

    private static double error(double[] y, double[] exact) {
        double most = 0;
        for (int i = 0; i < y.length; i++) {
            most = Math.max(most, Math.abs(y[i] - exact[i]));
        }
        return most;
    }
}
