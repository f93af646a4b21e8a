package dev.seiche.metrics;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.Testbed;
import java.util.function.Consumer;

/**
 * A network whose loss is exactly w' diag(1, 19) w / 2: one linear layer of two weights, two samples sqrt(2 lambda_i) e_i
 * with target 0, half the squared error. Training starts at w = (1, 0.05).
 */
public final class Quadratic {
    public static final Network NETWORK =
            Network.of(Sequential.of(Linear.of(2, 1).withoutBias()));

    /** The two samples. */
    public static final Dataset DATA = new Dataset(
            "quadratic",
            Column.of(Shape.of(2), new double[] {Math.sqrt(2), 0, 0, Math.sqrt(38)}),
            Column.of(Shape.of(1), new double[2]));

    private Quadratic() {}

    public static void onCpu(Consumer<Scope> body) {
        Testbed.run(CpuBackend::open, body);
    }

    /** Full-batch gradient descent at this rate. */
    public static Training training(double rate) {
        return Training.of(NETWORK, Loss.HALF_SQUARED_ERROR, DATA).learningRate(rate);
    }

    /** A trainer at the first step. */
    public static Trainer start(Training training, Scope model) {
        ParameterVector weights = NETWORK.init(model, DType.F64, Rng.seed(0)).withValues(new double[] {1, 0.05}, model);
        return training.start(model, weights, NETWORK.initStatistics(model, DType.F64), Rng.seed(0));
    }
}
