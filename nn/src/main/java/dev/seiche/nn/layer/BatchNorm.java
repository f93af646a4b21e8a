package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.stream.IntStream;

/**
 * Batch norm of x[B, ..., C] per channel, times a weight[C] plus a bias[C]: Ioffe and Szegedy 2015. In training with the
 * mean and the biased variance of the batch, which couples its samples; evaluating with the running statistics.
 * Conventions are PyTorch's: running = (1 - momentum) * running + momentum * batch, with the unbiased variance of the batch.
 *
 * @param eps added to the variance
 * @param momentum share of the newest batch in the running statistics
 */
public record BatchNorm(int channels, double eps, double momentum) implements Module {
    public BatchNorm {
        if (!(eps >= 0) || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(
                    "batch norm: needs eps >= 0 and momentum in [0, 1], got " + eps + " and " + momentum);
        }
    }

    /** eps 1e-5, momentum 0.1. */
    public static BatchNorm of(int channels) {
        return new BatchNorm(channels, 1e-5, 0.1);
    }

    @Override
    public void declare(Declaration declaration) {
        Shape shape = Shape.of(channels);
        declaration.parameter("weight", shape, Init.ones(), new Fans(1, 1));
        declaration.parameter("bias", shape, Init.zeros(), new Fans(1, 1));
        declaration.statistic("mean", shape, 0.0);
        declaration.statistic("variance", shape, 1.0);
        declaration.couplesSamples();
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T weight = pass.parameter("weight");
        T bias = pass.parameter("bias");
        return pass.training()
                ? train(pass, x, weight, bias)
                : pass.ops().batchNormFrozen(x, weight, bias, pass.statistic("mean"), pass.statistic("variance"), eps);
    }

    private <T extends Value> T train(Forward<T> pass, T x, T weight, T bias) {
        Ops<T> ops = pass.ops();
        long count = channels == 0 ? 0 : x.shape().size() / channels;
        if (count < 2) {
            throw new IllegalArgumentException("batch norm: " + count
                    + " value per channel has no variance in training: " + x.describe() + "; use a larger batch");
        }
        int[] axes = IntStream.range(0, x.shape().rank() - 1).toArray();
        T moments = ops.moments(ops.stopGradient(x), axes);
        average(pass, "mean", ops.slice(moments, 0, 0, 1), 1.0);
        average(pass, "variance", ops.slice(moments, 0, 1, 2), count / (count - 1.0));
        return ops.batchNorm(x, weight, bias, eps);
    }

    private <T extends Value> void average(Forward<T> pass, String name, T batch, double correction) {
        Ops<T> ops = pass.ops();
        T newest = ops.scale(ops.reshape(batch, channels), momentum * correction);
        pass.update(name, ops.add(ops.scale(pass.statistic(name), 1 - momentum), newest));
    }
}
