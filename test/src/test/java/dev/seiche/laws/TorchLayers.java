package dev.seiche.laws;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.PoolGeometry;
import dev.seiche.testkit.ReferenceCase;
import java.util.Map;

/** The layers and networks of the frozen PyTorch cases, written in this project's ops for any interpreter. */
final class TorchLayers {
    private static final double EPS = 1e-5;

    private TorchLayers() {}

    /** The output of a single layer. */
    static <T extends Value> T layer(Ops<T> k, ReferenceCase c, Map<String, T> in) {
        return switch (c.attribute("layer")) {
            case "linear" ->
                in.containsKey("bias")
                        ? k.linear(get(in, "x"), get(in, "w"), get(in, "bias"))
                        : k.linear(get(in, "x"), get(in, "w"));
            case "embedding" -> k.gather(get(in, "table"), get(in, "ids"), 0);
            case "conv2d" -> {
                T y = k.conv2d(get(in, "x"), get(in, "w"), conv(c));
                yield in.containsKey("bias") ? k.add(y, get(in, "bias")) : y;
            }
            case "max_pool2d" -> k.maxPool2d(get(in, "x"), pool(c));
            case "avg_pool2d" -> k.avgPool2d(get(in, "x"), pool(c), Boolean.parseBoolean(c.attribute("countPadding")));
            case "global_avg_pool2d" -> k.globalAvgPool2d(get(in, "x"));
            case "batch_norm" ->
                c.attribute("mode").equals("train")
                        ? k.batchNorm(get(in, "x"), get(in, "gamma"), get(in, "beta"), EPS)
                        : k.batchNormFrozen(
                                get(in, "x"),
                                get(in, "gamma"),
                                get(in, "beta"),
                                get(in, "running_mean"),
                                get(in, "running_variance"),
                                EPS);
            case "layer_norm" -> k.layerNorm(get(in, "x"), get(in, "gamma"), get(in, "beta"), EPS);
            case "group_norm" ->
                k.groupNorm(
                        get(in, "x"), Integer.parseInt(c.attribute("groups")), get(in, "gamma"), get(in, "beta"), EPS);
            case "softmax" -> k.softmax(get(in, "x"), Integer.parseInt(c.attribute("axis")));
            case "log_softmax" -> k.logSoftmax(get(in, "x"), Integer.parseInt(c.attribute("axis")));
            case "gelu" -> k.gelu(get(in, "x"));
            case "softplus" -> k.softplus(get(in, "x"));
            case "relu" -> k.relu(get(in, "x"));
            case "leaky_relu" -> k.leakyRelu(get(in, "x"), Double.parseDouble(c.attribute("slope")));
            case "sigmoid" -> k.sigmoid(get(in, "x"));
            case "tanh" -> k.tanh(get(in, "x"));
            case "cross_entropy" -> k.crossEntropy(get(in, "logits"), get(in, "labels"));
            case "mean_squared_error" -> k.meanSquaredError(get(in, "prediction"), get(in, "target"));
            case "half_squared_error" -> k.halfSquaredError(get(in, "prediction"), get(in, "target"));
            default -> throw new IllegalArgumentException("no layer '" + c.attribute("layer") + "' here");
        };
    }

    /** The mean cross-entropy of a network. */
    static <T extends Value> T loss(Ops<T> k, ReferenceCase c, Map<String, T> in) {
        T logits = switch (c.name()) {
            case "mlp_tanh" -> mlp(k, in);
            case "cnn_batch_norm" -> cnn(k, in);
            case "attention_block" -> attention(k, in);
            default -> throw new IllegalArgumentException("no network '" + c.name() + "' here");
        };
        return k.mean(k.crossEntropy(logits, get(in, "labels")));
    }

    private static <T extends Value> T mlp(Ops<T> k, Map<String, T> in) {
        T h = k.tanh(k.linear(get(in, "x"), get(in, "fc1.w"), get(in, "fc1.bias")));
        h = k.tanh(k.linear(h, get(in, "fc2.w"), get(in, "fc2.bias")));
        return k.linear(h, get(in, "fc3.w"), get(in, "fc3.bias"));
    }

    private static <T extends Value> T cnn(Ops<T> k, Map<String, T> in) {
        T h = k.conv2d(get(in, "x"), get(in, "conv1.w"), ConvGeometry.of(1, 1));
        h = k.tanh(k.batchNorm(h, get(in, "norm1.gamma"), get(in, "norm1.beta"), EPS));
        h = k.conv2d(h, get(in, "conv2.w"), ConvGeometry.of(2, 1));
        h = k.relu(k.batchNorm(h, get(in, "norm2.gamma"), get(in, "norm2.beta"), EPS));
        return k.linear(k.globalAvgPool2d(h), get(in, "fc.w"), get(in, "fc.bias"));
    }

    private static <T extends Value> T attention(Ops<T> k, Map<String, T> in) {
        T x = get(in, "x");
        T n = k.layerNorm(x, get(in, "norm1.gamma"), get(in, "norm1.beta"), EPS);
        T q = k.linear(n, get(in, "wq"));
        T key = k.linear(n, get(in, "wk"));
        T v = k.linear(n, get(in, "wv"));
        T scores = k.softmax(
                k.scale(k.matmul(q, key, false, true), 1 / Math.sqrt(x.shape().dim(-1))), -1);
        T h = k.add(x, k.linear(k.matmul(scores, v), get(in, "wo")));
        h = k.layerNorm(h, get(in, "norm2.gamma"), get(in, "norm2.beta"), EPS);
        return k.linear(k.mean(h, 1), get(in, "fc.w"), get(in, "fc.bias"));
    }

    private static <T> T get(Map<String, T> in, String name) {
        T value = in.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no input '" + name + "' among " + in.keySet());
        }
        return value;
    }

    private static ConvGeometry conv(ReferenceCase c) {
        return new ConvGeometry(
                number(c, "strideH"),
                number(c, "strideW"),
                number(c, "padTop"),
                number(c, "padBottom"),
                number(c, "padLeft"),
                number(c, "padRight"),
                number(c, "dilationH"),
                number(c, "dilationW"),
                number(c, "groups"));
    }

    private static PoolGeometry pool(ReferenceCase c) {
        return new PoolGeometry(
                number(c, "kernelH"),
                number(c, "kernelW"),
                number(c, "strideH"),
                number(c, "strideW"),
                number(c, "padTop"),
                number(c, "padBottom"),
                number(c, "padLeft"),
                number(c, "padRight"));
    }

    private static int number(ReferenceCase c, String name) {
        return Integer.parseInt(c.attribute(name));
    }
}
