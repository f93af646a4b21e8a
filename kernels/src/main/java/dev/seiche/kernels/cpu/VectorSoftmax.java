package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Softmax and its logarithm along any axis of a contiguous tensor, and their gradients. */
final class VectorSoftmax {
    /** Elements that are worth another thread; an exponential is many additions. */
    private static final int CHUNK = 1 << 13;

    private final CpuMachine machine;

    VectorSoftmax(CpuMachine machine) {
        this.machine = machine;
    }

    void softmax(Softmax op, List<Tensor> in, Tensor out) {
        alongLast(in.get(0), op.axis(), out, (lanes, x, y, n, top, sum) -> lanes.divide(y, sum, y, n));
    }

    void logSoftmax(LogSoftmax op, List<Tensor> in, Tensor out) {
        alongLast(in.get(0), op.axis(), out, (lanes, x, y, n, top, sum) -> lanes.minus(x, top, Math.log(sum), y, n));
    }

    void softmaxGrad(SoftmaxGrad op, List<Tensor> in, Tensor out) {
        Lanes lanes = machine.lanes(out.dtype());
        int n = out.shape().dim(op.axis());
        AlongRows.run(machine, op, List.of(op.axis()), in, out, CHUNK, (y, dy, dx) -> {
            lanes.minus(dy, AlongRows.dot(lanes, y, dy, n), 0, dx, n);
            lanes.multiply(y, dx, n);
        });
    }

    void logSoftmaxGrad(LogSoftmaxGrad op, List<Tensor> in, Tensor out) {
        Lanes lanes = machine.lanes(out.dtype());
        int n = out.shape().dim(op.axis());
        try (Scope scratch = out.scope().child(op.name())) {
            // of all elements at once, which is faster than row by row
            Tensor shares = scratch.ops().exp(in.get(0));
            AlongRows.run(machine, op, List.of(op.axis()), List.of(shares, in.get(1)), out, CHUNK, (share, dy, dx) -> {
                lanes.scale(share, -AlongRows.sum(lanes, dy, n), dx, n);
                lanes.add(dy, dx, n);
            });
        }
    }

    /** Turns y, which holds e^(x - top), into the result. */
    private interface Finish {
        void apply(Lanes lanes, MemorySegment x, MemorySegment y, int n, double top, double sum);
    }

    /** Another axis is moved to the end and back. */
    private void alongLast(Tensor in, int axis, Tensor out, Finish finish) {
        MemorySegment x = CpuMachine.elements(in);
        MemorySegment y = CpuMachine.elements(out);
        int n = in.shape().dim(axis);
        long inner = in.shape().slice(axis + 1, in.shape().rank()).size();
        if (inner == 1) {
            rows(out.dtype(), n, x, y, finish);
            return;
        }
        int outer = Math.toIntExact(in.shape().size() / n / inner);
        machine.withMemory(in.type().bytes(), block -> {
            MemorySegment result = block.asSlice(0, in.type().bytes());
            swap(x, y, outer, n, (int) inner, in.dtype());
            rows(out.dtype(), n, y, result, finish);
            swap(result, y, outer, (int) inner, n, in.dtype());
        });
    }

    /** from[outer, rows, columns] to to[outer, columns, rows]. */
    private void swap(MemorySegment from, MemorySegment to, int outer, int rows, int columns, DType dtype) {
        int[] dims = {outer, columns, rows};
        Transposition swap = Transposition.of(dims, new long[] {(long) rows * columns, 1, columns});
        if (swap == null) { // one row, or one column
            MemorySegment.copy(from, 0, to, 0, from.byteSize());
        } else {
            swap.run(machine.pool(), from, to, dtype.bytes());
        }
    }

    private void rows(DType dtype, int n, MemorySegment xs, MemorySegment ys, Finish finish) {
        Lanes lanes = machine.lanes(dtype);
        long bytes = (long) n * dtype.bytes();
        VectorReductions.share(machine.pool(), xs.byteSize() / bytes, n, CHUNK, row -> {
            MemorySegment x = xs.asSlice(row * bytes, bytes);
            MemorySegment y = ys.asSlice(row * bytes, bytes);
            double top = lanes.max(x, n);
            lanes.expMinus(x, top, y, n);
            finish.apply(lanes, x, y, n, top, AlongRows.sum(lanes, y, n));
        });
    }
}
