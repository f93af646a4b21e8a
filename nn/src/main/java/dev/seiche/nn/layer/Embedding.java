package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/** A row of weight[count, features] for each id: I32 ids of any shape [...] to [..., features]. */
public record Embedding(int count, int features, Init init) implements Module {

    /** N(0, 1), PyTorch's default. */
    public static Embedding of(int count, int features) {
        return new Embedding(count, features, Init.normal(1));
    }

    @Override
    public void declare(Declaration declaration) {
        declaration.parameter("weight", Shape.of(count, features), init);
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T ids) {
        return pass.ops().gather(pass.parameter("weight"), ids, 0);
    }
}
