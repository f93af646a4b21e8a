package dev.seiche.nn;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.AvgPool2d;
import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.GroupNorm;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Residual;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.Testbed;
import java.util.function.Consumer;
import java.util.function.Function;

/** Small networks and data that several tests use. */
final class Examples {
    private Examples() {}

    /** Runs a body in a scope on the CPU; fails when memory stays live. */
    static void onCpu(Consumer<Scope> body) {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), body);
    }

    static <R> R computeOnCpu(Function<Scope, R> body) {
        return Testbed.compute(() -> CpuBackend.open(CpuOptions.defaults()), body);
    }

    static Dataset blobs(int examples) {
        return Synthetic.gaussianBlobs(Rng.seed(3).fold("blobs"), examples, 3, 5, 1.0);
    }

    /** Random images [6, 6, 2] of three classes. */
    static Dataset images(int examples) {
        double[] pixels = new double[examples * 6 * 6 * 2];
        Rng.seed(4).normal(pixels);
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = Rng.seed(5).below(i, 3);
        }
        return new Dataset("noise", Column.of(Shape.of(6, 6, 2), pixels), Column.labels(labels));
    }

    static Network mlp() {
        return Network.of(Mlp.of(5, 7, 6, 3));
    }

    /** Convolutions, a residual with projection, group norm or batch norm, pooling: smooth, so that derivatives exist. */
    static Network convolutional(boolean batchNorm) {
        Module norm = batchNorm ? BatchNorm.of(4) : GroupNorm.of(2, 4);
        Module body = Sequential.of(norm, Activation.TANH, Conv2d.of(4, 6, 3, 2, 1));
        return Network.of(Sequential.of(Conv2d.of(2, 4, 3).withoutBias())
                .then("block", new Residual(body, Conv2d.of(4, 6, 1, 2, 0).withInit(Init.kaimingNormal())))
                .then("gelu", Activation.GELU)
                .then("pool", AvgPool2d.of(2, 1, 0))
                .then("global", GlobalPool.AVERAGE)
                .then("head", Linear.of(6, 3)));
    }
}
