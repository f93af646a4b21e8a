package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.OpCases.Bound;
import dev.seiche.kernels.cpu.OpCases.Case;
import dev.seiche.kernels.cpu.OpCases.Input;
import dev.seiche.kernels.cpu.OpCases.Maker;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.util.List;
import java.util.Map;

/** What divides by sums over rows or columns: softmax, the losses and norms made of it, and their gradients. */
final class NormalisationCases {
    private NormalisationCases() {}

    static void addTo(Map<String, Maker> cases) {
        softmax(cases);
        softmaxGradients(cases);
        losses(cases);
        norms(cases);
    }

    private static void softmax(Map<String, Maker> cases) {
        cases.put("softmax", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(3));
            int axis = d.below(shape.rank());
            return new Case(new Softmax(axis), List.of(Input.of(shape)), Bound.ULPS, softmax(shape.dim(axis), dtype));
        });
        cases.put("log_softmax", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(3));
            int axis = d.below(shape.rank());
            // the logarithm turns the relative error of the sum into an absolute one; results reach -15
            double amount = softmax(shape.dim(axis), dtype) + 15;
            return new Case(new LogSoftmax(axis), List.of(Input.of(shape)), Bound.ABSOLUTE, amount);
        });
    }

    /** With n elements up to 2 a sum is at most 4 n or 2 n, and what it is multiplied by 2 or e^2. */
    private static void softmaxGradients(Map<String, Maker> cases) {
        cases.put("softmax_grad", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(3));
            int axis = d.below(shape.rank());
            double amount = (8.0 * shape.dim(axis) + 4) * roundings(shape, dtype);
            return new Case(new SoftmaxGrad(axis), List.of(Input.of(shape), Input.of(shape)), Bound.ABSOLUTE, amount);
        });
        cases.put("log_softmax_grad", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(3));
            int axis = d.below(shape.rank());
            double amount = Math.exp(2) * (2.0 * shape.dim(axis) + 2) * roundings(shape, dtype);
            return new Case(
                    new LogSoftmaxGrad(axis), List.of(Input.of(shape), Input.of(shape)), Bound.ABSOLUTE, amount);
        });
    }

    private static void losses(Map<String, Maker> cases) {
        cases.put("cross_entropy", (d, dtype) -> {
            Shape rows = d.shape(d.below(3));
            int classes = 1 + d.below(90);
            Input x = Input.of(rows.concat(Shape.of(classes)));
            double amount = softmax(classes, dtype) + 15;
            return new Case(new CrossEntropy(), List.of(x, Input.ids(rows, classes)), Bound.ABSOLUTE, amount);
        });
        cases.put("cross_entropy_grad", (d, dtype) -> {
            Shape rows = d.shape(d.below(3));
            int classes = 1 + d.below(90);
            Input x = Input.of(rows.concat(Shape.of(classes)));
            // shares are at most 1, cotangents at most 2; a product and a difference more
            double amount = 2 * (softmax(classes, dtype) + 2);
            return new Case(
                    new CrossEntropyGrad(),
                    List.of(x, Input.ids(rows, classes), Input.of(rows)),
                    Bound.ABSOLUTE,
                    amount);
        });
    }

    /** With operands up to 2 and deviations of at least 1, standardised elements are at most 4, a gradient's at most 12. */
    private static void norms(Map<String, Maker> cases) {
        cases.put("moments", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(4));
            // a variance is at most 4
            return new Case(
                    new Moments(d.axes(shape)), List.of(Input.of(shape)), Bound.ABSOLUTE, 4 * roundings(shape, dtype));
        });
        cases.put("moments of columns", (d, dtype) -> {
            Input x = columns(d);
            return new Case(new Moments(List.of(1)), List.of(x), Bound.ABSOLUTE, 4 * roundings(x.shape(), dtype));
        });
        cases.put("standardise columns", (d, dtype) -> {
            Input x = columns(d);
            Op op = new Standardise(1 + 0.1 * d.below(10), List.of(1));
            return new Case(op, List.of(x), Bound.ABSOLUTE, 4 * roundings(x.shape(), dtype));
        });
        cases.put("standardise_grad columns", (d, dtype) -> {
            Input x = columns(d);
            Op op = new StandardiseGrad(1 + 0.1 * d.below(10), List.of(1));
            Input dy = Input.of(x.shape());
            return new Case(op, List.of(x, dy), Bound.ABSOLUTE, 3 * 12 * roundings(x.shape(), dtype));
        });
        cases.put("standardise", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(4));
            Op op = new Standardise(1 + 0.1 * d.below(10), d.axes(shape));
            return new Case(op, List.of(Input.of(shape)), Bound.ABSOLUTE, 4 * roundings(shape, dtype));
        });
        cases.put("standardise_grad", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(4));
            Op op = new StandardiseGrad(1 + 0.1 * d.below(10), d.axes(shape));
            Input x = Input.of(shape);
            return new Case(op, List.of(x, Input.of(shape)), Bound.ABSOLUTE, 3 * 12 * roundings(shape, dtype));
        });
    }

    /** Some matrices of few columns and enough rows for several parts. */
    private static Input columns(Draws d) {
        return Input.of(Shape.of(1 + d.below(2), 1000 + d.below(2000), 1 + d.below(40)));
    }

    /** Of mean and variance: sums of 64 terms in a lane, some more; and in f64 the reference's own sums. */
    private static double roundings(Shape shape, DType dtype) {
        return 2 * 64 + 8 + (dtype == DType.F64 ? 2 * shape.size() : 0);
    }

    /**
     * Roundings of one softmax: exponents up to 4 rounded once, an exponential, sums of up to 64 positive terms in a
     * lane, a quotient; and in f64 the reference's own sum one after another.
     */
    private static double softmax(int n, DType dtype) {
        return 4 + 2 + 64 + 1 + (dtype == DType.F64 ? n : 0);
    }
}
