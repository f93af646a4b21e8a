package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Launches the kernels of {@code norm.cu} and {@code norm_columns.cu}. All operands are contiguous. */
final class Norms {
    /** As in {@code norm.cu}. */
    private static final int LANES = 128;

    /** As in {@code norm_columns.cu}. */
    private static final int COLUMNS = 32;

    private static final int ROWS = 8;

    /** Of each part of a group, in f64: two means, two sums. */
    private static final long MOMENTS_BYTES = 4 * Double.BYTES;

    /** Groups up to this size are left to one thread each. */
    private static final int SHORT = 32;

    /** Elements that a part of a column has at least, and how many parts there are at most. */
    private static final int PART = 512;

    private static final int MOST_PARTS = 64;

    private final CudaMachine machine;

    Norms(CudaMachine machine) {
        this.machine = machine;
    }

    void moments(Moments op, List<Tensor> in, Tensor out) {
        Groups groups = groups("moments", in, op.axes());
        if (groups.version == 3) {
            withParts(
                    "moments",
                    groups,
                    parts -> call("moments_parts", groups)
                            .address(parts)
                            .tensor(out)
                            .count(groups.count)
                            .count(groups.n)
                            .count(groups.parts())
                            .over(groups.count));
        } else {
            launch(
                    groups,
                    call("moments", groups)
                            .tensor(groups.x())
                            .tensor(out)
                            .count(groups.count)
                            .count(groups.n)
                            .structure(groups.kept)
                            .structure(groups.along));
        }
    }

    void standardise(Standardise op, List<Tensor> in, Tensor out) {
        standardise("standardise", "moments", in, op.axes(), op.eps(), out);
    }

    void standardiseGrad(StandardiseGrad op, List<Tensor> in, Tensor out) {
        standardise("standardise_grad", "moments_with", in, op.axes(), op.eps(), out);
    }

    private void standardise(String name, String moments, List<Tensor> in, List<Integer> axes, double eps, Tensor out) {
        Groups groups = groups(name, in, axes);
        if (groups.version == 3) {
            withFinished(
                    moments,
                    groups,
                    eps,
                    finished -> operands(call(name, groups), in)
                            .tensor(out)
                            .address(finished)
                            .count(groups.count)
                            .count(groups.n)
                            .structure(groups.kept)
                            .structure(groups.along)
                            .over(out.shape().size()));
        } else {
            launch(
                    groups,
                    operands(call(name, groups), in)
                            .tensor(out)
                            .count(groups.count)
                            .count(groups.n)
                            .f64(eps)
                            .structure(groups.kept)
                            .structure(groups.along));
        }
    }

    /** What is standardised together: {@code count} groups of {@code n} elements of the operands, which lie alike. */
    private record Groups(List<Tensor> in, int count, int n, Space kept, Space along, int version) {
        Tensor x() {
            return in.get(0);
        }

        int parts() {
            return Math.clamp(n / PART, 1, MOST_PARTS);
        }
    }

    private Groups groups(String name, List<Tensor> in, List<Integer> axes) {
        Tensor x = in.get(0);
        Shape shape = x.shape();
        long n = axes.stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b);
        int count = Call.count(name, shape.size() / n);
        List<Integer> others = IntStream.range(0, shape.rank())
                .filter(axis -> !axes.contains(axis))
                .boxed()
                .toList();
        Space kept = Space.along(x.layout(), others);
        Space along = Space.along(x.layout(), axes);
        boolean downColumns = count > 1 && kept.innerStride(0) == 1 && along.innerStride(0) != 1;
        int version = n <= SHORT ? 1 : machine.version(downColumns ? 3 : 2);
        return new Groups(in, count, Call.count(name, n), kept, along, version);
    }

    private Call call(String name, Groups groups) {
        return machine.call(name + "_fwd_" + groups.x().dtype() + "_v" + groups.version);
    }

    private static Call operands(Call call, List<Tensor> in) {
        in.forEach(call::tensor);
        return call;
    }

    private static void launch(Groups groups, Call call) {
        if (groups.version == 2) {
            call.launch(Grid.of(groups.count, 1, LANES, 1));
        } else {
            call.over(groups.count);
        }
    }

    /** Runs what reads the moments of the parts of each group. */
    private void withParts(String moments, Groups groups, LongConsumer body) {
        int parts = groups.parts();
        machine.withScratch((long) parts * groups.count * MOMENTS_BYTES, partial -> {
            operands(call(moments, groups), groups.in)
                    .address(partial)
                    .count(groups.count)
                    .count(groups.n)
                    .count(parts)
                    .structure(groups.kept)
                    .structure(groups.along)
                    .launch(Grid.of((groups.count + COLUMNS - 1) / COLUMNS, parts, COLUMNS, ROWS));
            body.accept(partial);
        });
    }

    /** Runs what reads mean, factor, slope and bend of each group. */
    private void withFinished(String moments, Groups groups, double eps, LongConsumer body) {
        long bytes = 4L * groups.x().dtype().bytes() * groups.count;
        machine.withScratch(bytes, finished -> {
            withParts(
                    moments,
                    groups,
                    parts -> call("standardise_parts", groups)
                            .address(parts)
                            .address(finished)
                            .count(groups.count)
                            .count(groups.n)
                            .count(groups.parts())
                            .f64(eps)
                            .over(groups.count));
            body.accept(finished);
        });
    }
}
