package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Sum;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** Ops along axes. Sums go in row-major order, in double. */
final class ReferenceReductions {
    private ReferenceReductions() {}

    static void sum(Sum op, List<Tensor> in, Tensor out) {
        fold(in.get(0), op.axes(), out, (x, base, along) -> {
            double sum = 0;
            for (long i = 0, n = along.size(); i < n; i++, along.step()) {
                sum += x.get(base + along.place(0));
            }
            return sum;
        });
    }

    static void max(Max op, List<Tensor> in, Tensor out) {
        fold(in.get(0), op.axes(), out, ReferenceReductions::largest);
    }

    static void argMax(ArgMax op, List<Tensor> in, Tensor out) {
        fold(in.get(0), List.of(op.axis()), out, (x, base, along) -> {
            int best = 0;
            double top = x.get(base);
            for (int i = 0; i < along.size(); i++, along.step()) {
                double value = x.get(base + along.place(0));
                // a NaN beats every number, and nothing beats a NaN
                if (value > top || (Double.isNaN(value) && !Double.isNaN(top))) {
                    best = i;
                    top = value;
                }
            }
            return best;
        });
    }

    static void softmax(Softmax op, List<Tensor> in, Tensor out) {
        rescale(in.get(0), op.axis(), out, (value, top, sum) -> Math.exp(value - top) / sum);
    }

    static void logSoftmax(LogSoftmax op, List<Tensor> in, Tensor out) {
        rescale(in.get(0), op.axis(), out, (value, top, sum) -> value - top - Math.log(sum));
    }

    static void softmaxGrad(SoftmaxGrad op, List<Tensor> in, Tensor out) {
        gradient(in, op.axis(), out, (y, dy) -> y * dy, (y, dy, sum) -> y * (dy - sum));
    }

    static void logSoftmaxGrad(LogSoftmaxGrad op, List<Tensor> in, Tensor out) {
        gradient(in, op.axis(), out, (y, dy) -> dy, (y, dy, sum) -> dy - Math.exp(y) * sum);
    }

    /** Sums {@code term} of y and dy along the axis, and computes each element from both and the sum. */
    private static void gradient(List<Tensor> in, int axis, Tensor out, DoubleBinaryOperator term, Rescaling element) {
        Cells y = Cells.of(in.get(0));
        Cells dy = Cells.of(in.get(1));
        Cells dx = Cells.of(out);
        int[] others = others(y.layout, List.of(axis));
        Walk rows = Walk.along(y.layout, others);
        Walk slopes = Walk.along(dy.layout, others);
        Walk to = Walk.along(dx.layout, others);
        int n = y.dim(axis);
        for (long row = 0; row < rows.size(); row++, rows.step(), slopes.step(), to.step()) {
            long base = y.layout.offset() + rows.place(0);
            long slope = dy.layout.offset() + slopes.place(0);
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += term.applyAsDouble(y.get(base + i * y.stride(axis)), dy.get(slope + i * dy.stride(axis)));
            }
            for (int i = 0; i < n; i++) {
                double value =
                        element.apply(y.get(base + i * y.stride(axis)), dy.get(slope + i * dy.stride(axis)), sum);
                dx.set(dx.layout.offset() + to.place(0) + i * dx.stride(axis), value);
            }
        }
    }

    /** What becomes of the elements at {@code base + along.place(0)}. */
    private interface Folding {
        double fold(Cells x, long base, Walk along);
    }

    private interface Rescaling {
        double apply(double value, double other, double sum);
    }

    private static double largest(Cells x, long base, Walk along) {
        double top = Double.NEGATIVE_INFINITY;
        for (long i = 0, n = along.size(); i < n; i++, along.step()) {
            top = Math.max(top, x.get(base + along.place(0)));
        }
        return top;
    }

    private static void fold(Tensor from, List<Integer> axes, Tensor to, Folding folding) {
        Cells x = Cells.of(from);
        Cells y = Cells.of(to);
        Walk kept = Walk.along(x.layout, others(x.layout, axes));
        Walk along =
                Walk.along(x.layout, axes.stream().mapToInt(Integer::intValue).toArray());
        for (long i = 0, n = to.shape().size(); i < n; i++, kept.step()) {
            y.set(y.layout.offset() + i, folding.fold(x, x.layout.offset() + kept.place(0), along));
        }
    }

    private static void rescale(Tensor from, int axis, Tensor to, Rescaling rescaling) {
        Cells x = Cells.of(from);
        Cells y = Cells.of(to);
        int[] others = others(x.layout, List.of(axis));
        Walk rows = Walk.along(x.layout, others);
        Walk outRows = Walk.along(y.layout, others);
        Walk along = Walk.along(x.layout, axis);
        int n = x.dim(axis);
        for (long row = 0; row < rows.size(); row++, rows.step(), outRows.step()) {
            long base = x.layout.offset() + rows.place(0);
            long outBase = y.layout.offset() + outRows.place(0);
            double top = largest(x, base, along);
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Math.exp(x.get(base + i * x.stride(axis)) - top);
            }
            for (int i = 0; i < n; i++) {
                y.set(outBase + i * y.stride(axis), rescaling.apply(x.get(base + i * x.stride(axis)), top, sum));
            }
        }
    }

    private static int[] others(Layout layout, List<Integer> axes) {
        return IntStream.range(0, layout.shape().rank())
                .filter(axis -> !axes.contains(axis))
                .toArray();
    }
}
