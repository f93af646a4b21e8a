package dev.seiche.autograd;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Expand;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.PoolGeometry;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.Slice;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Sum;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.Transpose;
import dev.seiche.tensor.op.Unpick;
import dev.seiche.tensor.op.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every op that a derivative flows through, on shapes that stretch, fold, stride or vanish. */
final class Samples {
    private Samples() {}

    /** One operand: {@code kind} 'n' normal, '+' in 0.5..2.5, 'd' distinct by 0.01, 'm' 0/1 mask, 'i' ids below 3. */
    record Operand(char kind, Shape shape) {
        Tensor tensor(Scope scope, Rng rng) {
            int n = Math.toIntExact(shape.size());
            int[] order = rng.fold("order").permutation(Math.max(1, n));
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = switch (kind) {
                    case 'n' -> awayFromZero(rng.normal(i));
                    case '+' -> 0.5 + 2 * rng.uniform(i);
                    case 'd' -> 0.01 * (order[i] - n / 2) + 0.005;
                    case 'm' -> rng.below(i, 2);
                    default -> rng.below(i, 3);
                };
            }
            return scope.tensor(kind == 'i' ? DType.I32 : DType.F64, shape, values);
        }

        /** Kinks lie at multiples of 0.5: nothing is nearer to one than 0.01. */
        private static double awayFromZero(double v) {
            double nearest = Math.rint(v * 2) / 2;
            return Math.abs(v - nearest) < 0.01 ? nearest + Math.copySign(0.02, v - nearest) : v;
        }
    }

    /** An op with operands; {@code moving} are the indices of those with a derivative. */
    record Sample(Op op, List<Operand> operands, List<Integer> moving) {
        List<Tensor> tensors(Scope scope) {
            List<Tensor> out = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                out.add(operands.get(i)
                        .tensor(scope, Rng.seed(7).fold(toString()).fold(i)));
            }
            return out;
        }

        @Override
        public String toString() {
            return op + " of " + operands;
        }
    }

    static Stream<Sample> all() {
        List<Sample> out = new ArrayList<>();
        elementwise(out);
        reductions(out);
        movement(out);
        indexing(out);
        products(out);
        convolutions(out);
        pooling(out);
        return out.stream();
    }

    private static void elementwise(List<Sample> out) {
        List<Op> anywhere = List.of(
                new Neg(),
                new Scale(-1.5),
                new Shift(0.7),
                new Abs(),
                new Exp(),
                new Tanh(),
                new Sigmoid(),
                new Softplus(),
                new Erf(),
                new Relu(),
                new LeakyRelu(0.2),
                new Clamp(-0.5, 1.0),
                new Pow(0),
                new Pow(1),
                new Pow(2),
                new Pow(3),
                new Copy(),
                new Cast(DType.F64));
        List<Op> positive =
                List.of(new Log(), new Log1p(), new Sqrt(), new Pow(0.5), new Pow(-1), new Pow(-1.5), new Pow(1.3));
        for (Shape shape : List.of(Shape.of(2, 3), Shape.scalar(), Shape.of(0, 3))) {
            anywhere.forEach(op -> add(out, op, n(shape)));
            positive.forEach(op -> add(out, op, new Operand('+', shape)));
        }
        List<List<Shape>> pairs = List.of(
                List.of(Shape.of(2, 3), Shape.of(2, 3)),
                List.of(Shape.of(2, 3), Shape.of(3)),
                List.of(Shape.of(2, 1), Shape.of(4, 1, 3)),
                List.of(Shape.scalar(), Shape.of(2, 3)),
                List.of(Shape.of(1, 3), Shape.of(0, 3)));
        for (List<Shape> pair : pairs) {
            Shape a = pair.get(0);
            Shape b = pair.get(1);
            List.of(new Add(), new Sub(), new Mul(), new Maximum(), new Minimum())
                    .forEach(op -> add(out, op, n(a), n(b)));
            add(out, new Div(), n(a), new Operand('+', b));
            out.add(new Sample(new Where(), List.of(new Operand('m', a), n(b), n(a)), List.of(1, 2)));
        }
    }

    private static void reductions(List<Sample> out) {
        for (boolean keep : List.of(false, true)) {
            add(out, new Sum(List.of(0, 2), keep), n(Shape.of(2, 3, 4)));
            add(out, new Sum(List.of(), keep), n(Shape.of(2, 3)));
            add(out, new Sum(List.of(0), keep), n(Shape.of(0, 3)));
            add(out, new Max(List.of(1), keep), new Operand('d', Shape.of(2, 3, 4)));
            add(out, new Max(List.of(0, 2), keep), new Operand('d', Shape.of(2, 3, 4)));
            add(out, new Max(List.of(1), keep), new Operand('d', Shape.of(0, 3)));
        }
        add(out, new Softmax(1), n(Shape.of(2, 5)));
        add(out, new Softmax(0), n(Shape.of(3, 2, 2)));
        add(out, new LogSoftmax(1), n(Shape.of(2, 5)));
        add(out, new LogSoftmax(0), n(Shape.of(3, 2, 2)));
        add(out, new LogSoftmax(1), n(Shape.of(0, 2)));
        add(out, new Moments(List.of(0, 2)), n(Shape.of(2, 3, 4)));
        add(out, new Moments(List.of(1)), n(Shape.of(2, 3)));
        add(out, new Moments(List.of()), n(Shape.of(2)));
        add(out, new Moments(List.of(1)), n(Shape.of(0, 3)));
        add(out, new Standardise(0.7, List.of(1)), n(Shape.of(2, 5)));
        add(out, new Standardise(0.7, List.of(0, 1)), n(Shape.of(3, 2, 2)));
        add(out, new Standardise(0.7, List.of(1, 3)), n(Shape.of(2, 3, 2, 2)));
        add(out, new Standardise(0.7, List.of()), n(Shape.of(2)));
        add(out, new Standardise(0.7, List.of(1)), n(Shape.of(0, 3)));
        first(out, new CrossEntropy(), n(Shape.of(2, 4, 3)), new Operand('i', Shape.of(2, 4)));
        first(out, new CrossEntropy(), n(Shape.of(3)), new Operand('i', Shape.scalar()));
        first(out, new CrossEntropy(), n(Shape.of(0, 3)), new Operand('i', Shape.of(0)));
    }

    private static void movement(List<Sample> out) {
        add(out, new Reshape(Shape.of(3, 2)), n(Shape.of(2, 3)));
        add(out, new Reshape(Shape.of(0)), n(Shape.of(2, 0)));
        add(out, new Expand(Shape.of(4, 2, 3)), n(Shape.of(2, 1)));
        add(out, new Expand(Shape.of(2, 3)), n(Shape.scalar()));
        add(out, new Expand(Shape.of(0, 3)), n(Shape.of(1, 3)));
        add(out, new Transpose(List.of(2, 0, 1)), n(Shape.of(2, 3, 4)));
        add(out, new Slice(List.of(1, 0), List.of(5, 2), List.of(2, 1)), n(Shape.of(6, 2)));
        add(out, new Slice(List.of(6, 0), List.of(6, 2), List.of(3, 1)), n(Shape.of(6, 2)));
        add(out, new Place(Shape.of(7, 2), List.of(1, 0), List.of(2, 1)), n(Shape.of(3, 2)));
        add(out, new Place(Shape.of(7, 2), List.of(9, 0), List.of(2, 1)), n(Shape.of(0, 2)));
        add(out, new Concat(1), n(Shape.of(2, 1)), n(Shape.of(2, 3)), n(Shape.of(2, 0)), n(Shape.of(2, 2)));
    }

    private static void indexing(List<Sample> out) {
        Operand ids = new Operand('i', Shape.of(2, 4));
        first(out, new Gather(0), n(Shape.of(3, 2)), ids);
        first(out, new Gather(1), n(Shape.of(2, 3, 2)), ids);
        first(out, new Gather(0), n(Shape.of(3, 2)), new Operand('i', Shape.of(0)));
        first(out, new ScatterAdd(0, 3), n(Shape.of(2, 4, 2)), ids);
        first(out, new ScatterAdd(1, 5), n(Shape.of(2, 2, 4)), ids);
        first(out, new Pick(), n(Shape.of(2, 4, 3)), ids);
        first(out, new Unpick(3), n(Shape.of(2, 4)), ids);
    }

    private static void products(List<Sample> out) {
        for (boolean ta : List.of(false, true)) {
            for (boolean tb : List.of(false, true)) {
                Shape a = ta ? Shape.of(4, 3) : Shape.of(3, 4);
                Shape b = tb ? Shape.of(2, 4) : Shape.of(4, 2);
                add(out, new Matmul(ta, tb), n(a), n(b));
                add(out, new Matmul(ta, tb), n(Shape.of(5).concat(a)), n(b));
                add(
                        out,
                        new Matmul(ta, tb),
                        n(Shape.of(2, 1).concat(a)),
                        n(Shape.of(3).concat(b)));
                add(out, new Matmul(ta, tb), n(a), n(Shape.of(0).concat(b)));
            }
        }
        add(out, new Matmul(false, false), n(Shape.of(3, 0)), n(Shape.of(0, 2)));
        for (Shape x : List.of(Shape.of(5, 4), Shape.of(4), Shape.of(2, 3, 4), Shape.of(0, 4))) {
            add(out, new Linear(), n(x), n(Shape.of(4, 2)));
            add(out, new Linear(), n(x), n(Shape.of(4, 2)), n(Shape.of(2)));
        }
        Sample biased =
                new Sample(new Linear(), List.of(n(Shape.of(5, 4)), n(Shape.of(4, 2)), n(Shape.of(2))), List.of(2));
        out.add(biased);
        out.add(new Sample(biased.op(), biased.operands(), List.of(1, 2)));
        out.add(new Sample(biased.op(), biased.operands(), List.of(0)));
    }

    private static void convolutions(List<Sample> out) {
        List<ConvGeometry> geometries = List.of(
                ConvGeometry.of(1, 1),
                ConvGeometry.of(2, 0),
                ConvGeometry.of(1, 2).withDilation(2),
                ConvGeometry.of(2, 1).withGroups(2),
                new ConvGeometry(2, 1, 1, 0, 2, 1, 1, 2, 2));
        for (ConvGeometry g : geometries) {
            for (int batch : new int[] {2, 0}) {
                // 6 rows leave one over at stride 2, so that the adjoint must be told the input's size
                Operand x = n(Shape.of(batch, 6, 5, 4));
                Operand w = n(Shape.of(3, 2, 4 / g.groups(), 2));
                Operand y = n(Shape.of(batch, g.outputH(6, 3), g.outputW(5, 2), 2));
                add(out, new Conv2d(g), x, w);
                add(out, new Conv2dInput(g, 6, 5), y, w);
                add(out, new Conv2dWeight(g, 3, 2), x, y);
            }
        }
    }

    private static void pooling(List<Sample> out) {
        for (PoolGeometry g :
                List.of(PoolGeometry.of(2, 2, 0), PoolGeometry.of(3, 2, 1), new PoolGeometry(2, 3, 1, 2, 1, 0, 0, 2))) {
            for (int batch : new int[] {2, 0}) {
                Shape x = Shape.of(batch, 5, 6, 2);
                Shape y = Shape.of(batch, g.outputH(5), g.outputW(6), 2);
                add(out, new MaxPool2d(g), new Operand('d', x));
                out.add(new Sample(new MaxPool2dGather(g), List.of(new Operand('d', x), n(x)), List.of(0, 1)));
                out.add(new Sample(new MaxPool2dScatter(g), List.of(new Operand('d', x), n(y)), List.of(0, 1)));
                for (boolean countPadding : List.of(false, true)) {
                    add(out, new AvgPool2d(g, countPadding), n(x));
                    add(out, new AvgPool2dInput(g, countPadding, 5, 6), n(y));
                }
            }
        }
    }

    private static Operand n(Shape shape) {
        return new Operand('n', shape);
    }

    private static void add(List<Sample> out, Op op, Operand... operands) {
        out.add(new Sample(
                op,
                List.of(operands),
                IntStream.range(0, operands.length).boxed().toList()));
    }

    private static void first(List<Sample> out, Op op, Operand... operands) {
        out.add(new Sample(op, List.of(operands), List.of(0)));
    }
}
