package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Cross-entropy of contiguous rows of logits, and its gradient. */
final class VectorLosses {
    /** Elements that are worth another thread; an exponential is many additions. */
    private static final int CHUNK = 1 << 13;

    private final CpuMachine machine;

    VectorLosses(CpuMachine machine) {
        this.machine = machine;
    }

    /** What is done with one row, of whose elements {@code shares} holds e^(x - top). */
    private interface Row {
        void run(long row, MemorySegment x, MemorySegment shares, int label, double top, double sum);
    }

    void crossEntropy(CrossEntropy op, List<Tensor> in, Tensor out) {
        MemorySegment y = CpuMachine.elements(out);
        DType dtype = out.dtype();
        machine.withMemory(
                in.get(0).type().bytes(),
                shares -> rows(
                        op,
                        in,
                        shares,
                        (row, x, e, label, top, sum) ->
                                set(y, row, dtype, Math.log(sum) + (top - get(x, label, dtype)))));
    }

    void crossEntropyGrad(CrossEntropyGrad op, List<Tensor> in, Tensor out) {
        MemorySegment dy = CpuMachine.elements(in.get(2));
        DType dtype = out.dtype();
        Lanes lanes = machine.lanes(dtype);
        int n = out.shape().dim(-1);
        rows(op, in, CpuMachine.elements(out), (row, x, dx, label, top, sum) -> {
            double cotangent = get(dy, row, dtype);
            lanes.divide(dx, sum, dx, n);
            lanes.scale(dx, cotangent, dx, n);
            set(dx, label, dtype, get(dx, label, dtype) - cotangent);
        });
    }

    private void rows(Op op, List<Tensor> in, MemorySegment shares, Row each) {
        int n = in.get(0).shape().dim(-1);
        MemorySegment ids = VectorIndexing.checked(op, in.get(1), n);
        MemorySegment xs = CpuMachine.elements(in.get(0));
        DType dtype = in.get(0).dtype();
        Lanes lanes = machine.lanes(dtype);
        long bytes = (long) n * dtype.bytes();
        VectorReductions.share(machine.pool(), in.get(1).shape().size(), n, CHUNK, row -> {
            MemorySegment x = xs.asSlice(row * bytes, bytes);
            MemorySegment e = shares.asSlice(row * bytes, bytes);
            double top = lanes.max(x, n);
            lanes.expMinus(x, top, e, n);
            double sum = 0;
            for (int start = 0; start < n; start += Lanes.BLOCK) {
                sum += lanes.sum(e.asSlice((long) start * dtype.bytes()), Math.min(Lanes.BLOCK, n - start));
            }
            each.run(row, x, e, ids.getAtIndex(JAVA_INT, row), top, sum);
        });
    }

    private static double get(MemorySegment x, long i, DType dtype) {
        return dtype == DType.F32 ? x.getAtIndex(JAVA_FLOAT, i) : x.getAtIndex(JAVA_DOUBLE, i);
    }

    private static void set(MemorySegment y, long i, DType dtype, double value) {
        if (dtype == DType.F32) {
            y.setAtIndex(JAVA_FLOAT, i, (float) value);
        } else {
            y.setAtIndex(JAVA_DOUBLE, i, value);
        }
    }
}
