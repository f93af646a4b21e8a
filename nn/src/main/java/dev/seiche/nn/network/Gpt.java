package dev.seiche.nn.network;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Embedding;
import dev.seiche.nn.layer.LayerNorm;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/**
 * A decoder that predicts the next id at every position: Radford et al. 2019. I32 ids[B, T] to logits[B, T, vocabulary],
 * T up to the context. Token and position embeddings, pre-norm blocks with causal attention, a norm, a linear layer
 * without bias of its own weights. Weights begin at N(0, 0.02^2), those that write onto the skip path at
 * N(0, 0.02^2/(2 depth)), biases at 0. No dropout.
 *
 * @param vocabulary number of ids
 * @param context most positions
 * @param features width of the skip path
 * @param depth number of blocks
 */
public record Gpt(int vocabulary, int context, int features, int heads, int depth) implements Module {
    private static final double DEVIATION = 0.02;

    private Embedding tokens() {
        return new Embedding(vocabulary, features, Init.normal(DEVIATION));
    }

    private Sequential rest() {
        Init init = Init.normal(DEVIATION);
        Init last = Init.normal(DEVIATION / Math.sqrt(2.0 * depth));
        Sequential all = Sequential.of();
        for (int block = 0; block < depth; block++) {
            all = all.then(
                    "block" + (block + 1), new TransformerBlock(features, heads, 4 * features, true, init, last));
        }
        return all.then("norm", LayerNorm.of(features)).then("head", new Linear(features, vocabulary, init, null));
    }

    @Override
    public void declare(Declaration declaration) {
        tokens().declare(declaration.in("token"));
        declaration.parameter("position", Shape.of(context, features), Init.normal(DEVIATION), new Fans(1, features));
        rest().declare(declaration);
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T ids) {
        int positions = ids.shape().dim(1);
        if (positions > context) {
            throw new IllegalArgumentException(
                    "gpt: the context is " + context + " positions, the ids have " + positions + "; cut them shorter");
        }
        T position = pass.ops().slice(pass.parameter("position"), 0, 0, positions);
        return rest().forward(pass, pass.ops().add(pass.run("token", tokens(), ids), position));
    }
}
