package dev.seiche.nn.network;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.LayerNorm;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Residual;
import dev.seiche.nn.layer.SelfAttention;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.Value;

/**
 * A pre-norm transformer block of x[B, T, features]: {@code h = x + attention(norm x); y = h + mlp(norm h)}, with GELU
 * between the two linear layers.
 *
 * @param hidden width between the two linear layers, 4 features as a rule
 * @param init of weights
 * @param lastInit of the two weights that write onto the skip path
 */
record TransformerBlock(int features, int heads, int hidden, boolean causal, Init init, Init lastInit)
        implements Module {

    private Sequential parts() {
        Sequential attention = Sequential.of()
                .then("norm", LayerNorm.of(features))
                .then("heads", new SelfAttention(features, heads, causal, init, lastInit));
        Sequential mlp = Sequential.of()
                .then("norm", LayerNorm.of(features))
                .then("fc1", new Linear(features, hidden, init, Init.zeros()))
                .then("act", Activation.GELU)
                .then("fc2", new Linear(hidden, features, lastInit, Init.zeros()));
        return Sequential.of().then("attention", Residual.of(attention)).then("mlp", Residual.of(mlp));
    }

    @Override
    public void declare(Declaration declaration) {
        parts().declare(declaration);
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return parts().forward(pass, x);
    }
}
