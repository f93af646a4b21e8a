package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.optim.Adam;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.Sgd;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.OpByOp;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Steps and inner products of whole lists of tensors at once, against the composed ops of the CPU. */
public final class MultiTensorCases {
    private static final int STEPS = 3;

    private static final Rng RNG = Rng.seed(17);

    /** Around the sizes of blocks and chunks, and nothing at all. */
    private static final List<Integer> SIZES = List.of(1, 0, 255, 257, 2049, 4096, 3);

    private static final List<Optimizer> OPTIMIZERS = List.of(
            Optimizer.gradientDescent(),
            new Sgd(0, false, 0.1),
            Optimizer.heavyBall(0.9),
            new Sgd(0.9, true, 0.1),
            Optimizer.adam(),
            new Adam(0.8, 0.99, 1e-8, 0.1, false),
            Optimizer.adamW(0.1));

    private MultiTensorCases() {}

    /** More tensors than one launch takes. */
    public static List<Parameter> many() {
        List<Integer> sizes = new ArrayList<>(SIZES);
        for (int k = 0; k < 94; k++) {
            sizes.add(1 + k % 5);
        }
        return parameters(sizes);
    }

    public static List<Parameter> few() {
        return parameters(SIZES);
    }

    /** Enough for threads to share. */
    static List<Parameter> large() {
        List<Integer> sizes = new ArrayList<>(SIZES);
        sizes.add(40_001);
        sizes.add(70_000);
        return parameters(sizes);
    }

    private static List<Parameter> parameters(List<Integer> sizes) {
        List<Parameter> parameters = new ArrayList<>();
        for (int size : sizes) {
            String name = "w" + parameters.size();
            parameters.add(new Parameter(name, Shape.of(size), Init.zeros(), new Fans(1, 1)));
        }
        return parameters;
    }

    private static ParameterVector gaussian(List<Parameter> parameters, String name, DType dtype, Scope scope) {
        ParameterVector zeros = ParameterVector.of(
                parameters,
                p -> scope.tensor(dtype, p.shape(), new double[(int) p.shape().size()]));
        return zeros.gaussian(RNG.fold(name), scope);
    }

    private static double[] train(Scope scope, List<Parameter> parameters, Optimizer optimizer, DType dtype) {
        ParameterVector weights = gaussian(parameters, "weights", dtype, scope);
        Updater updater = optimizer.start(weights, scope);
        for (int step = 0; step < STEPS; step++) {
            updater.step(gaussian(parameters, "gradient" + step, dtype, scope), 0.1);
        }
        return weights.toDoubles();
    }

    /** Weights after some steps of every optimizer, and inner products: what must have the same bits in any order of threads. */
    public static List<double[]> results(Backend backend, List<Parameter> parameters, DType dtype) {
        List<double[]> results = new ArrayList<>();
        try (Scope scope = Scope.root(backend, "test")) {
            for (Optimizer optimizer : OPTIMIZERS) {
                results.add(train(scope, parameters, optimizer, dtype));
            }
            results.add(gaussian(parameters, "a", dtype, scope).dots(gaussian(parameters, "b", dtype, scope)));
        }
        return results;
    }

    public static void agreeWithTheComposedOps(CudaBackend backend, List<Parameter> parameters, DType dtype) {
        Map<String, Long> before = backend.launched();
        List<double[]> atOnce = results(backend, parameters, dtype);
        int launches = Math.ceilDiv(parameters.size(), 96);
        int sgd = 4;
        assertLaunches(backend, before, "multi_tensor_sgd_" + dtype + "_v1", sgd * STEPS * launches);
        assertLaunches(
                backend, before, "multi_tensor_adam_" + dtype + "_v1", (OPTIMIZERS.size() - sgd) * STEPS * launches);
        assertLaunches(backend, before, "multi_tensor_dots_" + dtype + "_v1", launches);

        List<double[]> composed = composed(parameters, dtype);
        double eps = dtype == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
        for (int k = 0; k < composed.size(); k++) {
            boolean dots = k == OPTIMIZERS.size();
            // a step rounds some ten numbers below 4; an inner product of 4096 terms below 16 rounds each sum once, in
            // f64
            double allowed = dots ? 4096 * 16 * Math.ulp(1.0) : STEPS * 10 * 4 * eps;
            assertThat(atOnce.get(k))
                    .as(dots ? "inner products" : OPTIMIZERS.get(k).toString())
                    .containsExactly(composed.get(k), within(allowed));
        }
    }

    /** {@link #results} op by op. */
    static List<double[]> composed(List<Parameter> parameters, DType dtype) {
        return Testbed.compute(
                () -> new OpByOp(CpuBackend.open()), scope -> results(scope.backend(), parameters, dtype));
    }

    private static void assertLaunches(CudaBackend backend, Map<String, Long> before, String kernel, int expected) {
        long launches = backend.launched().getOrDefault(kernel, 0L) - before.getOrDefault(kernel, 0L);
        assertThat(launches).as(kernel).isEqualTo((long) expected);
    }
}
