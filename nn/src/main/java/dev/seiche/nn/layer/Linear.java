package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x w + b} on the last axis: x[B, ..., in] to y[B, ..., out], with w[in, out] and b[out]. The transpose of how
 * PyTorch lays out the same weight.
 *
 * @param biasInit null for no bias
 */
public record Linear(int in, int out, Init init, @Nullable Init biasInit) implements Module {

    /** PyTorch's default: weight and bias uniform on +-1/sqrt(in). */
    public static Linear of(int in, int out) {
        return new Linear(in, out, Init.uniformFanIn(), Init.uniformFanIn());
    }

    public Linear withInit(Init weight) {
        return new Linear(in, out, weight, biasInit);
    }

    public Linear withBias(Init bias) {
        return new Linear(in, out, init, bias);
    }

    public Linear withoutBias() {
        return new Linear(in, out, init, null);
    }

    @Override
    public void declare(Declaration declaration) {
        Shape weight = Shape.of(in, out);
        declaration.parameter("weight", weight, init);
        if (biasInit != null) {
            declaration.parameter("bias", Shape.of(out), biasInit, Fans.of(weight));
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T weight = pass.parameter("weight");
        return biasInit == null ? pass.ops().linear(x, weight) : pass.ops().linear(x, weight, pass.parameter("bias"));
    }
}
