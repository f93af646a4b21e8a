package dev.seiche.nn.network;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.LayerNorm;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/**
 * A small vision transformer: Dosovitskiy et al. 2021. Images [B, size, size, channels] cut into square patches, each
 * mapped to {@code features} with a position embedding added; pre-norm blocks; a norm; the mean over patches instead of a
 * class token; a linear layer. Weights begin Xavier uniform, embeddings at N(0, 0.02^2), biases at 0.
 *
 * @param size side of the images, a multiple of the patch
 * @param patch side of a patch
 * @param depth number of blocks
 */
public record VisionTransformer(int size, int patch, int channels, int features, int heads, int depth, int classes)
        implements Module {
    public VisionTransformer {
        if (patch < 1 || size % patch != 0) {
            throw new IllegalArgumentException(
                    "vision transformer: images of side " + size + " do not divide into patches of side " + patch);
        }
    }

    private int positions() {
        return (size / patch) * (size / patch);
    }

    private Conv2d patches() {
        return Conv2d.of(channels, features, patch, patch, 0)
                .withInit(Init.xavierUniform(1))
                .withBias(Init.zeros());
    }

    private Sequential blocks() {
        Init init = Init.xavierUniform(1);
        Sequential all = Sequential.of();
        for (int block = 0; block < depth; block++) {
            all = all.then(
                    "block" + (block + 1), new TransformerBlock(features, heads, 4 * features, false, init, init));
        }
        return all.then("norm", LayerNorm.of(features));
    }

    private Linear head() {
        return new Linear(features, classes, Init.xavierUniform(1), Init.zeros());
    }

    @Override
    public void declare(Declaration declaration) {
        patches().declare(declaration.in("patch"));
        declaration.parameter("position", Shape.of(positions(), features), Init.normal(0.02), new Fans(1, features));
        blocks().declare(declaration);
        head().declare(declaration.in("head"));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        Ops<T> ops = pass.ops();
        T cut = ops.reshape(pass.run("patch", patches(), x), x.shape().dim(0), positions(), features);
        T mixed = blocks().forward(pass, ops.add(cut, pass.parameter("position")));
        return pass.run("head", head(), ops.mean(mixed, 1));
    }
}
