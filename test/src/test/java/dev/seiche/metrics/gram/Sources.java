package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.Testbed;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Small networks on random images, and tiles in memory. */
final class Sources {
    private Sources() {}

    /** Tiles as an interrupted run would find them: written out and read back. */
    static final class Kept implements GramStream.Tiles {
        private final Map<String, Map<String, double[]>> numbers = new HashMap<>();
        private final Map<String, Map<String, long[]>> counts = new HashMap<>();

        @Override
        public boolean has(int row, int column) {
            return numbers.containsKey(row + "," + column);
        }

        @Override
        public void put(int row, int column, TileSummary tile) {
            numbers.put(row + "," + column, tile.numbers());
            counts.put(row + "," + column, tile.counts());
        }

        @Override
        public TileSummary get(int row, int column) {
            return TileSummary.read(
                    TileSummary.require(numbers, row + "," + column), TileSummary.require(counts, row + "," + column));
        }
    }

    /** Asks to stop when so many tiles are there. */
    static final class Until implements GramStream.Progress {
        private final long last;
        private long done;

        Until(long last) {
            this.last = last;
        }

        @Override
        public void tiles(long nowDone, long all) {
            done = nowDone;
        }

        @Override
        public boolean stop() {
            return done >= last;
        }
    }

    /** Runs a body on the CPU. */
    static void onCpu(Consumer<Scope> body) {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), body);
    }

    private static Dataset images(int count) {
        double[] pixels = new double[count * 6 * 6];
        Rng.seed(4).normal(pixels);
        return new Dataset("noise", Column.of(Shape.of(6, 6, 1), pixels), Column.labels(labels(count)));
    }

    private static int[] labels(int count) {
        return IntStream.range(0, count).map(i -> Rng.seed(5).below(i, 3)).toArray();
    }

    static NetworkGradients mlp(int samples, DType dtype, Scope scope) {
        return of(Mlp.of(36, 8, 3), samples, dtype, scope);
    }

    static NetworkGradients convolutional(int samples, DType dtype, Scope scope) {
        return of(convolutional(false), samples, dtype, scope);
    }

    static Module convolutional(boolean batchNorm) {
        Sequential all = Sequential.of(Conv2d.of(1, 3, 3));
        all = batchNorm ? all.then("norm", BatchNorm.of(3)) : all;
        return all.then("act", Activation.TANH)
                .then("conv2", Conv2d.of(3, 4, 3, 2, 1))
                .then("act2", Activation.TANH)
                .then("pool", GlobalPool.AVERAGE)
                .then("head", Linear.of(4, 3));
    }

    static NetworkGradients of(Module module, int samples, DType dtype, Scope scope) {
        Network network = Network.of(module);
        ParameterVector weights = network.init(scope, dtype, Rng.seed(1));
        PerSample perSample =
                PerSample.of(network, Loss.CROSS_ENTROPY).withStatistics(network.initStatistics(scope, dtype));
        return NetworkGradients.of(perSample, weights, images(samples)).withLabels(labels(samples), 3);
    }

    /** The Gram of all samples in one batch. */
    static Gram whole(GradientSource source, Scope scope) {
        return source.gradients(IntStream.range(0, source.samples()).toArray(), scope)
                .gram();
    }
}
