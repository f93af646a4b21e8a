package dev.seiche.nn.network;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The two-layer linear model in which Rosenfeld and Risteski 2024 study opposing signals: {@code f(x) = c (b'x_1 + o'x_2)}
 * for x = (x_1, x_2) in [B, ordinary + outlier], as [B, 1].
 *
 * @param ordinary features that every sample has
 * @param outlier features that few samples have, large and of either sign
 * @param init of b and o
 * @param scale first value of c
 */
public record TwoLayerLinear(int ordinary, int outlier, Init init, double scale) implements Module {
    @Override
    public void declare(Declaration declaration) {
        declaration.parameter("b", Shape.of(ordinary), init, new Fans(ordinary, 1));
        declaration.parameter("o", Shape.of(outlier), init, new Fans(outlier, 1));
        declaration.parameter("c", Shape.of(1), Init.constant(scale), new Fans(1, 1));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        Ops<T> ops = pass.ops();
        T first = ops.concat(0, List.of(pass.parameter("b"), pass.parameter("o")));
        T inner = ops.linear(x, ops.reshape(first, ordinary + outlier, 1));
        return ops.mul(inner, pass.parameter("c"));
    }
}
