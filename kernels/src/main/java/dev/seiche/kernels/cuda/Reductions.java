package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Sum;
import java.util.List;
import java.util.stream.IntStream;

/** Launches the kernels of {@code reduce.cu} and {@code softmax.cu}. Which one, and in how many parts, sizes decide. */
final class Reductions {
    /** As in {@code reduce.cu}. */
    private static final int LANES = 128;

    private static final int COLUMNS = 32;
    private static final int ROWS = 8;

    /** Folds up to this length are left to one thread each. */
    private static final int SHORT = 32;

    /** Elements that a part of a sum has at least, and how many parts there are at most. */
    private static final int PART = 2048;

    private static final int MOST_PARTS = 64;

    /** As in {@code softmax.cu}. */
    private static final int WARP = 32;

    private static final int WARPS = 4;

    private final CudaMachine machine;

    Reductions(CudaMachine machine) {
        this.machine = machine;
    }

    /** A reduction as kernels see it: results over the kept axes, and what each folds. */
    private record Fold(Tensor x, Tensor y, int results, int n, Space kept, Space along) {
        static Fold of(Tensor x, List<Integer> axes, Tensor y) {
            Shape shape = x.shape();
            List<Integer> others = IntStream.range(0, shape.rank())
                    .filter(axis -> !axes.contains(axis))
                    .boxed()
                    .toList();
            long n = axes.stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b);
            return new Fold(
                    x,
                    y,
                    Call.count("a reduction", y.shape().size()),
                    Call.count("a reduction", n),
                    Space.along(x.layout(), others),
                    Space.along(x.layout(), axes));
        }

        /** True when neighbouring results fold neighbouring elements, and one result's elements lie apart. */
        boolean downColumns() {
            return kept.innerStride(0) == 1 && along.innerStride(0) != 1 && results > 1;
        }
    }

    void sum(Sum op, List<Tensor> in, Tensor out) {
        Fold fold = Fold.of(in.get(0), op.axes(), out);
        int version = fold.n <= SHORT ? 1 : machine.version(fold.downColumns() ? 3 : 2);
        if (version == 1) {
            plain("sum", fold);
            return;
        }
        int parts = Math.clamp(fold.n / PART, 1, MOST_PARTS);
        machine.withScratch((long) fold.results * parts * Double.BYTES, partial -> {
            Call call = machine.call("sum_fwd_" + out.dtype() + "_v" + version)
                    .tensor(fold.x)
                    .address(partial);
            if (version == 3) {
                call.count(fold.results);
            }
            call.count(fold.n).count(parts).structure(fold.kept).structure(fold.along);
            call.launch(
                    version == 3
                            ? Grid.of((fold.results + COLUMNS - 1) / COLUMNS, parts, COLUMNS, ROWS)
                            : Grid.of(fold.results, parts, LANES, 1));
            machine.call("sum_parts_fwd_" + out.dtype() + "_v1")
                    .address(partial)
                    .tensor(out)
                    .count(fold.results)
                    .count(parts)
                    .over(fold.results);
        });
    }

    void max(Max op, List<Tensor> in, Tensor out) {
        Fold fold = Fold.of(in.get(0), op.axes(), out);
        if (fold.n <= SHORT || fold.downColumns() || machine.version(2) == 1) {
            plain("max", fold);
            return;
        }
        machine.call("max_fwd_" + out.dtype() + "_v2")
                .tensor(fold.x)
                .tensor(out)
                .count(fold.n)
                .structure(fold.kept)
                .structure(fold.along)
                .launch(Grid.of(fold.results, 1, LANES, 1));
    }

    private void plain(String name, Fold fold) {
        machine.call(name + "_fwd_" + fold.y.dtype() + "_v1")
                .tensor(fold.x)
                .tensor(fold.y)
                .count(fold.results)
                .count(fold.n)
                .structure(fold.kept)
                .structure(fold.along)
                .over(fold.results);
    }

    void argMax(ArgMax op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        long results = out.shape().size();
        machine.call("arg_max_fwd_" + x.dtype() + "_v1")
                .tensor(x)
                .tensor(out)
                .count(results)
                .count(x.shape().dim(op.axis()))
                .count(inner(x.shape(), op.axis()))
                .over(results);
    }

    void softmax(Softmax op, List<Tensor> in, Tensor out) {
        softmax("softmax", op.axis(), in, out);
    }

    void logSoftmax(LogSoftmax op, List<Tensor> in, Tensor out) {
        softmax("log_softmax", op.axis(), in, out);
    }

    void softmaxGrad(SoftmaxGrad op, List<Tensor> in, Tensor out) {
        softmax("softmax_grad", op.axis(), in, out);
    }

    void logSoftmaxGrad(LogSoftmaxGrad op, List<Tensor> in, Tensor out) {
        softmax("log_softmax_grad", op.axis(), in, out);
    }

    private void softmax(String name, int axis, List<Tensor> in, Tensor out) {
        int n = out.shape().dim(axis);
        long inner = inner(out.shape(), axis);
        int rows = Call.count(name, out.shape().size() / n);
        int version = machine.version(inner == 1 ? 2 : 1);
        Call call = machine.call(name + "_fwd_" + out.dtype() + "_v" + version);
        in.forEach(call::tensor);
        call.tensor(out).count(rows).count(n);
        if (version == 2) {
            call.launch(Grid.of((rows + WARPS - 1) / WARPS, 1, WARP, WARPS));
        } else {
            call.count(inner).over(rows);
        }
    }

    /** Elements of one step along an axis. */
    private static long inner(Shape shape, int axis) {
        return shape.slice(axis + 1, shape.rank()).size();
    }
}
