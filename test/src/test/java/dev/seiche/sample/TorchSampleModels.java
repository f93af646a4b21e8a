package dev.seiche.sample;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.testkit.ReferenceCase;
import java.util.Map;

/** The models of the frozen per-sample cases, written in this project's ops: the losses [B] of each. */
final class TorchSampleModels {
    private static final double EPS = 1e-5;

    private TorchSampleModels() {}

    static <T extends Value> T losses(Ops<T> k, ReferenceCase c, Map<String, T> in) {
        T logits = switch (c.name()) {
            case "mlp" -> mlp(k, in);
            case "cnn" -> cnn(k, in);
            case "residual_frozen", "residual_exact", "residual_contribution" ->
                residual(k, in, c.name().equals("residual_frozen"));
            case "transformer" -> transformer(k, in);
            default -> throw new IllegalArgumentException("no model '" + c.name() + "' here");
        };
        return k.crossEntropy(logits, get(in, "labels"));
    }

    private static <T extends Value> T mlp(Ops<T> k, Map<String, T> in) {
        T h = get(in, "x");
        for (int layer = 1; layer <= 3; layer++) {
            h = k.linear(h, get(in, "fc" + layer + ".w"), get(in, "fc" + layer + ".bias"));
            h = layer < 3 ? k.tanh(h) : h;
        }
        return h;
    }

    private static <T extends Value> T cnn(Ops<T> k, Map<String, T> in) {
        T h = k.conv2d(get(in, "x"), get(in, "conv1.w"), ConvGeometry.of(1, 1));
        h = k.tanh(k.add(h, get(in, "conv1.bias")));
        h = k.tanh(k.conv2d(h, get(in, "conv2.w"), ConvGeometry.of(2, 1).withGroups(2)));
        h = k.tanh(k.conv2d(h, get(in, "conv3.w"), ConvGeometry.of(1, 0)));
        return k.linear(k.globalAvgPool2d(h), get(in, "fc.w"), get(in, "fc.bias"));
    }

    private static <T extends Value> T residual(Ops<T> k, Map<String, T> in, boolean frozen) {
        T stem = k.conv2d(get(in, "x"), get(in, "stem.w"), ConvGeometry.of(1, 1));
        T h = stem;
        for (int layer = 1; layer <= 2; layer++) {
            String norm = "norm" + layer + ".";
            T gamma = get(in, norm + "gamma");
            T beta = get(in, norm + "beta");
            T standard = frozen
                    ? k.batchNormFrozen(h, gamma, beta, get(in, norm + "mean"), get(in, norm + "variance"), EPS)
                    : k.batchNorm(h, gamma, beta, EPS);
            h = k.conv2d(k.tanh(standard), get(in, "conv" + layer + ".w"), ConvGeometry.of(1, 1));
        }
        T pooled = k.globalAvgPool2d(k.tanh(k.add(stem, h)));
        return k.linear(pooled, get(in, "fc.w"), get(in, "fc.bias"));
    }

    private static <T extends Value> T transformer(Ops<T> k, Map<String, T> in) {
        T table = get(in, "tokens");
        T h = k.add(k.gather(table, get(in, "ids"), 0), get(in, "positions"));
        int samples = h.shape().dim(0);
        int tokens = h.shape().dim(1);
        int width = h.shape().dim(2);
        int heads = 2;
        T qkv = k.linear(norm(k, h, in, 1), get(in, "qkv.w"), get(in, "qkv.bias"));
        T split = k.transpose(k.reshape(qkv, samples, tokens, 3, heads, width / heads), 2, 0, 3, 1, 4);
        Shape head = Shape.of(samples * heads, tokens, width / heads);
        T query = k.reshape(k.slice(split, 0, 0, 1), head);
        T key = k.reshape(k.slice(split, 0, 1, 2), head);
        T value = k.reshape(k.slice(split, 0, 2, 3), head);
        T scores = k.scale(k.matmul(query, key, false, true), 1 / Math.sqrt(width / (double) heads));
        T mixed = k.matmul(k.softmax(k.add(scores, get(in, "mask")), -1), value);
        T joined = k.transpose(k.reshape(mixed, samples, heads, tokens, width / heads), 0, 2, 1, 3);
        h = k.add(h, k.linear(k.reshape(joined, samples, tokens, width), get(in, "out.w")));
        T up = k.gelu(k.linear(norm(k, h, in, 2), get(in, "up.w"), get(in, "up.bias")));
        h = k.add(h, k.linear(up, get(in, "down.w")));
        return k.matmul(norm(k, h, in, 3), table, false, true);
    }

    private static <T extends Value> T norm(Ops<T> k, T h, Map<String, T> in, int layer) {
        return k.layerNorm(h, get(in, "norm" + layer + ".gamma"), get(in, "norm" + layer + ".beta"), EPS);
    }

    private static <T> T get(Map<String, T> in, String name) {
        T value = in.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no input '" + name + "' among " + in.keySet());
        }
        return value;
    }
}
