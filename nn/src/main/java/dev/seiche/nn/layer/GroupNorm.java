package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/**
 * Each sample of x[B, ..., channels] standardised over all positions and the channels of a group, times a weight[channels]
 * plus a bias[channels]: Wu and He 2018. One group is layer norm over the whole sample; as many groups as channels is
 * instance norm.
 *
 * @param eps added to the variance
 */
public record GroupNorm(int groups, int channels, double eps) implements Module {
    public GroupNorm {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "group norm: " + channels + " channels do not divide into " + groups + " groups");
        }
    }

    /** eps 1e-5. */
    public static GroupNorm of(int groups, int channels) {
        return new GroupNorm(groups, channels, 1e-5);
    }

    @Override
    public void declare(Declaration declaration) {
        declaration.parameter("weight", Shape.of(channels), Init.ones(), new Fans(1, 1));
        declaration.parameter("bias", Shape.of(channels), Init.zeros(), new Fans(1, 1));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.ops().groupNorm(x, groups, pass.parameter("weight"), pass.parameter("bias"), eps);
    }
}
