package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/**
 * Each position of x[..., features] standardised over its features, times a weight[features] plus a bias[features]: Ba et
 * al. 2016.
 *
 * @param eps added to the variance
 */
public record LayerNorm(int features, double eps) implements Module {

    /** eps 1e-5. */
    public static LayerNorm of(int features) {
        return new LayerNorm(features, 1e-5);
    }

    @Override
    public void declare(Declaration declaration) {
        declaration.parameter("weight", Shape.of(features), Init.ones(), new Fans(1, 1));
        declaration.parameter("bias", Shape.of(features), Init.zeros(), new Fans(1, 1));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.ops().layerNorm(x, pass.parameter("weight"), pass.parameter("bias"), eps);
    }
}
