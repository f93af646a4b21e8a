package dev.seiche.autograd;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Small losses as functions of their parameters, one per kind of network. */
final class Networks {
    private Networks() {}

    /** A loss, its f64 parameters' shapes, and what it is called. */
    record Case(String name, Differentiable loss, List<Shape> parameters) {
        List<Tensor> at(Scope scope) {
            return normals(scope, "parameters", 0.5);
        }

        /** A direction of length 1. */
        List<Tensor> direction(Scope scope) {
            long size = parameters.stream().mapToLong(Shape::size).sum();
            return normals(scope, "direction", 1.0 / Math.sqrt((double) size));
        }

        private List<Tensor> normals(Scope scope, String key, double scale) {
            List<Tensor> out = new ArrayList<>();
            for (int i = 0; i < parameters.size(); i++) {
                out.add(normal(scope, parameters.get(i), Rng.seed(3).fold(key).fold(i), scale));
            }
            return out;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> all(Scope scope) {
        Tensor rows = normal(scope, Shape.of(6, 5), Rng.seed(1).fold("rows"), 1.0);
        Tensor images = normal(scope, Shape.of(4, 6, 6, 2), Rng.seed(1).fold("images"), 1.0);
        Tensor tokens = normal(scope, Shape.of(2, 5, 6), Rng.seed(1).fold("tokens"), 1.0);
        return Stream.of(
                new Case(
                        "MLP",
                        new Mlp(rows, scope.tensor(Shape.of(6), new int[] {0, 2, 1, 1, 0, 2})),
                        List.of(Shape.of(5, 7), Shape.of(7), Shape.of(7, 4), Shape.of(4), Shape.of(4, 3), Shape.of(3))),
                new Case(
                        "CNN with batch norm and max pooling",
                        new Cnn(images, scope.tensor(Shape.of(4), new int[] {0, 2, 1, 1})),
                        List.of(Shape.of(3, 3, 2, 4), Shape.of(4), Shape.of(4), Shape.of(2, 2, 2, 4), Shape.of(4, 3))),
                new Case(
                        "attention with layer norm",
                        new Attention(tokens, scope.tensor(Shape.of(2, 5), new int[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 1})),
                        List.of(
                                Shape.of(6),
                                Shape.of(6),
                                Shape.of(6, 6),
                                Shape.of(6, 6),
                                Shape.of(6, 6),
                                Shape.of(6, 4))));
    }

    /** Two hidden layers, tanh and gelu; weight decay couples a parameter that is used twice. */
    private record Mlp(Tensor x, Tensor labels) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> p) {
            T hidden = ops.tanh(ops.linear(ops.lift(x), p.get(0), p.get(1)));
            hidden = ops.gelu(ops.linear(hidden, p.get(2), p.get(3)));
            T logits = ops.linear(hidden, p.get(4), p.get(5));
            T decay = ops.scale(ops.dot(p.get(0), p.get(0)), 0.01);
            return ops.add(ops.mean(ops.crossEntropy(logits, ops.lift(labels))), decay);
        }
    }

    private record Cnn(Tensor x, Tensor labels) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> p) {
            T h = ops.conv2d(ops.lift(x), p.get(0), ConvGeometry.of(1, 1));
            h = ops.relu(ops.batchNorm(h, p.get(1), p.get(2), 1e-5));
            h = ops.maxPool2d(h, PoolGeometry.of(2, 2, 0));
            h = ops.softplus(ops.conv2d(h, p.get(3), ConvGeometry.of(2, 1).withGroups(2)));
            T logits = ops.linear(ops.globalAvgPool2d(h), p.get(4));
            return ops.mean(ops.crossEntropy(logits, ops.lift(labels)));
        }
    }

    private record Attention(Tensor x, Tensor labels) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> p) {
            T h = ops.layerNorm(ops.lift(x), p.get(0), p.get(1), 1e-5);
            T query = heads(ops, ops.linear(h, p.get(2)));
            T key = heads(ops, ops.linear(h, p.get(3)));
            T value = heads(ops, ops.linear(h, p.get(4)));
            T weights = ops.softmax(ops.scale(ops.matmul(query, key, false, true), 1.0 / Math.sqrt(3.0)), -1);
            T mixed = ops.reshape(ops.transpose(ops.matmul(weights, value), 0, 2, 1, 3), x.shape());
            T logits = ops.linear(ops.add(h, mixed), p.get(5));
            return ops.mean(ops.crossEntropy(logits, ops.lift(labels)));
        }

        /** [B,T,D] to two heads [B,2,T,D/2]. */
        private static <T extends Value> T heads(Ops<T> ops, T x) {
            Shape s = x.shape();
            return ops.transpose(ops.reshape(x, s.dim(0), s.dim(1), 2, s.dim(2) / 2), 0, 2, 1, 3);
        }
    }

    private static Tensor normal(Scope scope, Shape shape, Rng rng, double scale) {
        double[] values = new double[Math.toIntExact(shape.size())];
        rng.normal(values);
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
        return scope.tensor(DType.F64, shape, values);
    }
}
