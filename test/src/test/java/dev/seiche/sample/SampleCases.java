package dev.seiche.sample;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.testkit.Draw;
import java.util.List;
import java.util.stream.Stream;

/** Models in which parameters are used in every way that has a rule of its own, at random small sizes. */
final class SampleCases {
    private SampleCases() {}

    /** One of each kind, of sizes drawn from the seed. */
    static Stream<SampleCase> all(long seed) {
        Rng rng = Rng.seed(seed);
        Draw draw = new Draw(rng.fold("sizes"));
        return Stream.of(
                mlp(rng, draw.dim(), draw.dim(), draw.between(2, 5)),
                tokens(rng, draw.dim(), draw.dim(), draw.dim()),
                convolution(rng, draw),
                transposedConvolution(rng, draw.between(1, 3), draw.between(1, 3)),
                tiedEmbedding(rng, draw.between(2, 6), draw.between(1, 6), draw.dim()),
                attention(rng, draw.between(1, 5), draw.between(1, 3)),
                shared(rng, draw.dim()),
                throughOps(rng, draw.between(2, 4), draw.between(2, 4)),
                groupNorm(rng, draw.between(1, 3)),
                broadcast(rng, draw.dim(), draw.between(1, 4)),
                products(rng, draw.between(1, 3), draw.between(1, 4), draw.between(1, 4)),
                flattened(rng, draw.between(1, 4), draw.dim()));
    }

    static SampleCase mlp(Rng rng, int in, int hidden, int out) {
        return new SampleCase(
                "mlp",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = k.tanh(k.linear(x.get(0), w.get(0), w.get(1)));
                        return squares(k, k.linear(h, w.get(2), w.get(3)));
                    }
                },
                List.of(Shape.of(in, hidden), Shape.of(hidden), Shape.of(hidden, out), Shape.of(out)),
                List.of(Shape.of(in)),
                0,
                rng);
    }

    /** Linear with layer norm at every position, cross-entropy against the input's sign. */
    static SampleCase tokens(Rng rng, int positions, int in, int out) {
        return new SampleCase(
                "tokens",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = k.layerNorm(k.linear(x.get(0), w.get(0), w.get(1)), w.get(2), w.get(3), 1e-3);
                        return k.perSampleSum(k.mul(k.sigmoid(h), k.logSoftmax(h, -1)));
                    }
                },
                List.of(Shape.of(in, out), Shape.of(out), Shape.of(out), Shape.of(out)),
                List.of(Shape.of(positions, in)),
                0,
                rng);
    }

    /** The first one in groups, the second, with neither groups nor strides, by every route. */
    private static SampleCase convolution(Rng rng, Draw draw) {
        int groups = 2;
        int in = groups * draw.between(1, 2);
        int out = groups * draw.between(1, 3);
        int kernel = draw.between(1, 3);
        int stride = draw.between(1, 2);
        ConvGeometry geometry = new ConvGeometry(
                stride,
                draw.between(1, 2),
                draw.between(0, 2),
                draw.between(0, 1),
                0,
                1,
                draw.between(1, 2),
                1,
                groups);
        return convolution(rng, draw.between(5, 6), 5, in, out, kernel, geometry);
    }

    static SampleCase convolution(Rng rng, int h, int w, int in, int out, int kernel, ConvGeometry geometry) {
        return new SampleCase(
                "convolution " + geometry,
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = k.tanh(k.add(k.conv2d(x.get(0), w.get(0), geometry), w.get(1)));
                        T y = k.tanh(k.conv2d(h, w.get(2), ConvGeometry.of(1, 1)));
                        return squares(k, k.linear(k.globalAvgPool2d(y), w.get(3)));
                    }
                },
                List.of(
                        Shape.of(kernel, kernel, in / geometry.groups(), out),
                        Shape.of(out),
                        Shape.of(3, 3, out, 2),
                        Shape.of(2, 3)),
                List.of(Shape.of(h, w, in)),
                0,
                rng);
    }

    private static SampleCase transposedConvolution(Rng rng, int in, int out) {
        return new SampleCase(
                "transposed convolution",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T y = k.apply(new Conv2dInput(ConvGeometry.of(2, 0), 5, 5), List.of(x.get(0), w.get(0)));
                        return squares(k, y);
                    }
                },
                List.of(Shape.of(3, 3, out, in)),
                List.of(Shape.of(2, 2, in)),
                0,
                rng);
    }

    /** Ids repeat; the table is looked up and is the head; positions are a slice of a longer table. */
    private static SampleCase tiedEmbedding(Rng rng, int vocabulary, int positions, int features) {
        return new SampleCase(
                "tied embedding",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T place = k.slice(w.get(1), 0, 0, positions);
                        T h = k.tanh(k.add(k.gather(w.get(0), x.get(0), 0), place));
                        return k.crossEntropy(k.matmul(h, w.get(0), false, true), x.get(0));
                    }
                },
                List.of(Shape.of(vocabulary, features), Shape.of(positions + 2, features)),
                List.of(Shape.of(positions)),
                vocabulary,
                rng);
    }

    /** One projection to queries, keys and values of two heads, softmax, layer norm, residual. */
    private static SampleCase attention(Rng rng, int positions, int head) {
        int width = 2 * head;
        return new SampleCase(
                "attention",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        int batch = x.get(0).shape().dim(0);
                        T qkv = k.linear(x.get(0), w.get(0), w.get(1));
                        T split = k.transpose(k.reshape(qkv, batch, positions, 3, 2, head), 2, 0, 3, 1, 4);
                        T q = k.reshape(k.slice(split, 0, 0, 1), batch * 2, positions, head);
                        T v = k.reshape(k.slice(split, 0, 2, 3), batch * 2, positions, head);
                        T keys = k.reshape(k.slice(split, 0, 1, 2), batch * 2, positions, head);
                        T mixed = k.matmul(k.softmax(k.matmul(q, keys, false, true), -1), v);
                        T heads = k.reshape(mixed, batch, 2, positions, head);
                        T joined = k.reshape(k.transpose(heads, 0, 2, 1, 3), batch, positions, width);
                        T y = k.add(x.get(0), k.linear(joined, w.get(2)));
                        return squares(k, k.layerNorm(y, w.get(3), w.get(4), 1e-2));
                    }
                },
                List.of(
                        Shape.of(width, 3 * width),
                        Shape.of(3 * width),
                        Shape.of(width, width),
                        Shape.of(width),
                        Shape.of(width)),
                List.of(Shape.of(positions, width)),
                0,
                rng);
    }

    /** A linear layer and a convolution used three times each, the latter under different geometries. */
    static SampleCase shared(Rng rng, int width) {
        return new SampleCase(
                "shared",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = x.get(0);
                        T image = x.get(1);
                        for (int use = 0; use < 3; use++) {
                            h = k.tanh(k.linear(h, w.get(0), w.get(1)));
                            image = k.tanh(k.conv2d(
                                    image, w.get(2), ConvGeometry.of(1, 1).withDilation(1 + use / 2)));
                        }
                        return k.add(squares(k, h), squares(k, image));
                    }
                },
                List.of(Shape.of(width, width), Shape.of(width), Shape.of(3, 3, 2, 2)),
                List.of(Shape.of(width), Shape.of(4, 5, 2)),
                0,
                rng);
    }

    /** Weights that go through other ops before a sample meets them. */
    private static SampleCase throughOps(Rng rng, int in, int out) {
        return new SampleCase(
                "through ops",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T turned = k.scale(k.transpose(w.get(0), 1, 0), 1.5);
                        T h = k.tanh(k.linear(x.get(0), turned));
                        T standard = k.standardise(k.reshape(w.get(1), out, in), 1e-2, 0);
                        T y = k.linear(h, k.mul(standard, k.softmax(w.get(2), 0)), k.slice(w.get(3), 0, 1, in + 1));
                        T both = k.concat(0, List.of(w.get(2), k.neg(w.get(2))));
                        return k.add(squares(k, y), squares(k, k.matmul(y, k.reshape(both, in, 2))));
                    }
                },
                List.of(Shape.of(out, in), Shape.of(in * out), Shape.of(in), Shape.of(in + 2)),
                List.of(Shape.of(in)),
                0,
                rng);
    }

    /** Group norm, and batch norm with given statistics; one scale is zero. */
    private static SampleCase groupNorm(Rng rng, int half) {
        int channels = 2 * half;
        return new SampleCase(
                "norms",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = k.conv2d(x.get(0), w.get(0), ConvGeometry.of(1, 0));
                        T g = k.groupNorm(h, 2, w.get(1), w.get(2), 1e-2);
                        T zero = k.sub(w.get(3), k.stopGradient(w.get(3)));
                        T mean = k.stopGradient(w.get(2));
                        T y = k.batchNormFrozen(g, zero, w.get(4), mean, k.exp(mean), 1e-3);
                        return squares(k, k.add(k.tanh(g), y));
                    }
                },
                List.of(
                        Shape.of(2, 2, 1, channels),
                        Shape.of(channels),
                        Shape.of(channels),
                        Shape.of(channels),
                        Shape.of(channels)),
                List.of(Shape.of(3, 3, 1)),
                0,
                rng);
    }

    /** Parameters stretched over samples by elementwise ops, a class token put in front, a scalar. */
    private static SampleCase broadcast(Rng rng, int width, int positions) {
        return new SampleCase(
                "broadcast",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        int batch = x.get(0).shape().dim(0);
                        T token = k.expand(w.get(0), Shape.of(batch, 1, width));
                        T h = k.concat(1, List.of(token, x.get(0)));
                        T slope = k.mul(h, w.get(1));
                        T bent = k.where(k.greater(h, k.zerosLike(h)), h, slope);
                        T y = k.div(k.maximum(bent, w.get(2)), k.shift(k.exp(w.get(3)), 1.0));
                        return k.mul(squares(k, y), k.sum(k.square(w.get(4))));
                    }
                },
                List.of(
                        Shape.of(1, 1, width),
                        Shape.of(width),
                        Shape.of(positions + 1, 1),
                        Shape.scalar(),
                        Shape.of(3)),
                List.of(Shape.of(positions, width)),
                0,
                rng);
    }

    /** Products with the parameter on either side, with and without leading axes, and looked up along its last axis. */
    private static SampleCase products(Rng rng, int m, int n, int heads) {
        return new SampleCase(
                "products",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T left = k.matmul(w.get(0), x.get(1), true, false);
                        T right = k.matmul(x.get(1), w.get(1), true, true);
                        T many = k.matmul(x.get(1), w.get(2), true, false);
                        T found = k.transpose(k.gather(w.get(3), x.get(0), 1), 1, 0);
                        T all = k.add(squares(k, k.tanh(left)), squares(k, k.tanh(right)));
                        return k.add(all, k.add(squares(k, k.tanh(many)), squares(k, found)));
                    }
                },
                List.of(Shape.of(m, 2), Shape.of(n, m), Shape.of(heads, m, 3), Shape.of(2, 4)),
                List.of(Shape.of(), Shape.of(heads, m, n)),
                4,
                rng);
    }

    /** Tokens of all samples in one axis, and samples behind positions. */
    private static SampleCase flattened(Rng rng, int positions, int width) {
        return new SampleCase(
                "flattened",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        int batch = x.get(0).shape().dim(0);
                        T flat = k.reshape(x.get(0), batch * positions, width);
                        T h = k.tanh(k.linear(flat, w.get(0), w.get(1)));
                        T swapped = k.transpose(k.reshape(h, batch, positions, 3), 1, 0, 2);
                        T y = k.linear(k.reshape(swapped, positions * batch, 3), w.get(2), w.get(3));
                        T back = k.transpose(k.reshape(y, positions, batch, 2), 1, 0, 2);
                        return squares(k, back);
                    }
                },
                List.of(Shape.of(width, 3), Shape.of(3), Shape.of(3, 2), Shape.of(2)),
                List.of(Shape.of(positions, width)),
                0,
                rng);
    }

    /** A curved loss of each sample. */
    private static <T extends Value> T squares(Ops<T> k, T x) {
        return k.perSampleSum(k.log1p(k.square(k.shift(x, -0.3))));
    }
}
