package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Work along one or several axes of contiguous tensors, done row by row. */
final class AlongRows {
    private AlongRows() {}

    /** What is done with one row of the first and the last input, which may be one. */
    interface Row {
        void run(MemorySegment x, MemorySegment last, MemorySegment out);
    }

    /**
     * Runs {@code row} for each row along these axes, in row-major order of them. Other axes than the last are moved to the
     * end, and the result back.
     *
     * @param chunk elements that are worth another thread
     */
    static void run(CpuMachine machine, Op op, List<Integer> axes, List<Tensor> in, Tensor out, int chunk, Row row) {
        int n = count(out.shape(), axes);
        int[] order = keptFirst(out.shape(), axes);
        if (isIdentity(order)) {
            rows(machine, in, out, n, chunk, row);
            return;
        }
        try (Scope scratch = out.scope().child(op.name())) {
            Eager ops = scratch.ops();
            List<Tensor> moved = new ArrayList<>();
            for (Tensor each : in) {
                moved.add(ops.contiguous(ops.transpose(each, order)));
            }
            Tensor result = scratch.allocate(moved.get(0).type());
            rows(machine, moved, result, n, chunk, row);
            ops.applyInto(new Copy(), List.of(ops.transpose(result, inverse(order))), out);
        }
    }

    private static void rows(CpuMachine machine, List<Tensor> in, Tensor out, int n, int chunk, Row row) {
        long bytes = (long) n * out.dtype().bytes();
        MemorySegment first = CpuMachine.elements(in.get(0));
        MemorySegment last = CpuMachine.elements(in.getLast());
        MemorySegment to = CpuMachine.elements(out);
        VectorReductions.share(
                machine.pool(),
                out.shape().size() / n,
                n,
                chunk,
                r -> row.run(
                        first.asSlice(r * bytes, bytes), last.asSlice(r * bytes, bytes), to.asSlice(r * bytes, bytes)));
    }

    /** The elements of a row. */
    static int count(Shape shape, List<Integer> axes) {
        return Math.toIntExact(axes.stream().mapToLong(shape::dim).reduce(1, (a, b) -> a * b));
    }

    /** The sum of any number of elements. */
    static double sum(Lanes lanes, MemorySegment x, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += Lanes.BLOCK) {
            sum += lanes.sum(x.asSlice(start * (x.byteSize() / n)), Math.min(Lanes.BLOCK, n - start));
        }
        return sum;
    }

    /** The sum of any number of products. */
    static double dot(Lanes lanes, MemorySegment a, MemorySegment b, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += Lanes.BLOCK) {
            long at = start * (a.byteSize() / n);
            sum += lanes.dot(a.asSlice(at), b.asSlice(at), Math.min(Lanes.BLOCK, n - start));
        }
        return sum;
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
