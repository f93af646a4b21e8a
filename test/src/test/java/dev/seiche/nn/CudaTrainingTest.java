package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.Testbed;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Ten steps of training, weight for weight, on two devices. */
class CudaTrainingTest {
    private static final int STEPS = 10;

    /**
     * The devices add in other orders: an f64 gradient differs by some 1e-15 of its size, and ten steps at these rates, far
     * from instability, let a difference grow by a factor of some 100.
     */
    private static final double F64_BOUND = 1e-11;

    /** The same in f32, whose rounding is 5e8 times coarser: what is left of 1e-11 times that, with weights of size 1. */
    private static final double F32_BOUND = 5e-4;

    @Test
    void tenStepsOfAnMlpAgreeWithTheCpu() {
        agree(Examples.mlp(), Examples.blobs(60), Optimizer.heavyBall(0.9), DType.F64, F64_BOUND);
        agree(Examples.mlp(), Examples.blobs(60), Optimizer.heavyBall(0.9), DType.F32, F32_BOUND);
    }

    @Test
    void tenStepsOfAConvolutionalNetworkWithBatchNormAgreeWithTheCpu() {
        agree(Examples.convolutional(true), Examples.images(12), Optimizer.gradientDescent(), DType.F64, F64_BOUND);
        agree(Examples.convolutional(true), Examples.images(12), Optimizer.gradientDescent(), DType.F32, F32_BOUND);
    }

    @Test
    void trainingTwiceGivesTheSameBits() {
        CudaOptions options = EmulatedDevice.options();
        double[] first = train(
                () -> CudaBackend.open(options),
                Examples.convolutional(true),
                Examples.images(12),
                Optimizer.adam(),
                DType.F32);
        double[] second = train(
                () -> CudaBackend.open(options.withChecks(true)),
                Examples.convolutional(true),
                Examples.images(12),
                Optimizer.adam(),
                DType.F32);
        assertThat(second).isEqualTo(first);
    }

    private static void agree(Network network, Dataset data, Optimizer optimizer, DType dtype, double bound) {
        CudaOptions options = EmulatedDevice.options();
        double[] cpu = train(() -> CpuBackend.open(CpuOptions.defaults()), network, data, optimizer, dtype);
        double[] cuda = train(() -> CudaBackend.open(options), network, data, optimizer, dtype);
        assertThat(cuda).hasSameSizeAs(cpu);
        for (int i = 0; i < cpu.length; i++) {
            assertThat(Math.abs(cuda[i] - cpu[i]))
                    .as("weight %d in %s: %s on the CPU, %s on the device", i, dtype, cpu[i], cuda[i])
                    .isLessThanOrEqualTo(bound);
        }
    }

    private static double[] train(
            Supplier<Backend> open, Network network, Dataset data, Optimizer optimizer, DType dtype) {
        return Testbed.compute(open, model -> {
            Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, data)
                    .optimizer(optimizer)
                    .learningRate(0.05)
                    .start(model, dtype, Rng.seed(21));
            trainer.run(STEPS);
            return trainer.weights().toDoubles();
        });
    }
}
