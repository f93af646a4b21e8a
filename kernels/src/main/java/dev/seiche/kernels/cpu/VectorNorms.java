package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Mean and variance over axes, zero mean and unit variance, and its gradient: down columns ({@link ColumnNorms}), or along
 * rows; other axes are moved to the end and back.
 */
final class VectorNorms {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 14;

    private final CpuMachine machine;

    VectorNorms(CpuMachine machine) {
        this.machine = machine;
    }

    /** What is done with one row of the first and the last input, which may be one. */
    private interface Row {
        void run(MemorySegment x, MemorySegment last, MemorySegment out);
    }

    /** Where there are no columns the plain loops: nothing asks for moments of rows. */
    void moments(Moments op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(in.get(0), op.axes());
        if (columns == null) {
            ReferenceNorms.moments(op, in, out);
        } else {
            columns.moments(in.get(0), out);
        }
    }

    private @Nullable ColumnNorms columns(Tensor x, List<Integer> axes) {
        return ColumnNorms.of(machine, x.dtype(), x.shape(), axes);
    }

    void standardise(Standardise op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(out, op.axes());
        if (columns != null) {
            columns.standardise(in.get(0), op.eps(), out);
            return;
        }
        Lanes lanes = machine.lanes(out.dtype());
        int n = count(out.shape(), op.axes());
        alongRows(op, op.axes(), in, out, n, (x, same, y) -> {
            centre(lanes, x, y, n);
            lanes.scale(y, 1 / deviation(lanes, y, n, op.eps()), y, n);
        });
    }

    void standardiseGrad(StandardiseGrad op, List<Tensor> in, Tensor out) {
        ColumnNorms columns = columns(out, op.axes());
        if (columns != null) {
            columns.standardiseGrad(in.get(0), in.get(1), op.eps(), out);
            return;
        }
        Lanes lanes = machine.lanes(out.dtype());
        int n = count(out.shape(), op.axes());
        alongRows(op, op.axes(), in, out, n, (x, dy, dx) -> {
            centre(lanes, x, dx, n);
            double deviation = deviation(lanes, dx, n, op.eps());
            double along = dot(lanes, dx, dy, n) / n / deviation / deviation;
            double mean = sum(lanes, dy, n) / n;
            lanes.scale(dx, -along, dx, n);
            lanes.add(dy, dx, n);
            lanes.minus(dx, mean, 0, dx, n);
            lanes.scale(dx, 1 / deviation, dx, n);
        });
    }

    private static void centre(Lanes lanes, MemorySegment x, MemorySegment y, int n) {
        lanes.minus(x, sum(lanes, x, n) / n, 0, y, n);
    }

    private static double deviation(Lanes lanes, MemorySegment centred, int n, double eps) {
        return Math.sqrt(dot(lanes, centred, centred, n) / n + eps);
    }

    private static double sum(Lanes lanes, MemorySegment x, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += Lanes.BLOCK) {
            sum += lanes.sum(x.asSlice(start * (x.byteSize() / n)), Math.min(Lanes.BLOCK, n - start));
        }
        return sum;
    }

    private static double dot(Lanes lanes, MemorySegment a, MemorySegment b, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += Lanes.BLOCK) {
            long at = start * (a.byteSize() / n);
            sum += lanes.dot(a.asSlice(at), b.asSlice(at), Math.min(Lanes.BLOCK, n - start));
        }
        return sum;
    }

    private void alongRows(Op op, List<Integer> axes, List<Tensor> in, Tensor out, int n, Row row) {
        int[] order = keptFirst(out.shape(), axes);
        if (isIdentity(order)) {
            rows(in, out, n, row);
            return;
        }
        try (Scope scratch = out.scope().child(op.name())) {
            Eager ops = scratch.ops();
            List<Tensor> moved = new ArrayList<>();
            for (Tensor each : in) {
                moved.add(ops.contiguous(ops.transpose(each, order)));
            }
            Tensor result = scratch.allocate(moved.get(0).type());
            rows(moved, result, n, row);
            ops.applyInto(new Copy(), List.of(ops.transpose(result, inverse(order))), out);
        }
    }

    private void rows(List<Tensor> in, Tensor out, int n, Row row) {
        long bytes = (long) n * out.dtype().bytes();
        MemorySegment first = CpuMachine.elements(in.get(0));
        MemorySegment last = CpuMachine.elements(in.getLast());
        MemorySegment to = CpuMachine.elements(out);
        VectorReductions.share(
                machine.pool(),
                out.shape().size() / n,
                n,
                CHUNK,
                r -> row.run(
                        first.asSlice(r * bytes, bytes), last.asSlice(r * bytes, bytes), to.asSlice(r * bytes, bytes)));
    }

    private static int count(Shape shape, List<Integer> axes) {
        return Math.toIntExact(axes.stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b));
    }

    /** Axes that are kept, then those that are not; axes of size 1 may stay where they are. */
    private static int[] keptFirst(Shape shape, List<Integer> axes) {
        int[] order = IntStream.concat(
                        IntStream.range(0, shape.rank()).filter(axis -> !axes.contains(axis)),
                        axes.stream().mapToInt(Integer::intValue))
                .toArray();
        int[] wide = IntStream.of(order).filter(axis -> shape.dim(axis) != 1).toArray();
        boolean inOrder = IntStream.range(1, wide.length).allMatch(k -> wide[k - 1] < wide[k]);
        return inOrder ? IntStream.range(0, shape.rank()).toArray() : order;
    }

    private static boolean isIdentity(int[] order) {
        return IntStream.range(0, order.length).allMatch(k -> order[k] == k);
    }

    private static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            inverse[order[k]] = k;
        }
        return inverse;
    }
}
