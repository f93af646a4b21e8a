package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Matrix products through a {@link Gemm}; transposed views and batches of views are read in place. */
final class VectorProducts {
    private static final int CHUNK = 1 << 16;

    private final CpuMachine machine;
    private final Gemm gemm;

    VectorProducts(CpuMachine machine, Gemm gemm) {
        this.machine = machine;
        this.gemm = gemm;
    }

    /** Takes any strides. */
    void matmul(Matmul op, List<Tensor> in, Tensor out) {
        int k = in.get(0).shape().dim(op.transposeA() ? -2 : -1);
        if (k == 0) {
            CpuMachine.elements(out).fill((byte) 0);
            return;
        }
        MatrixOperand.with(
                machine, in.get(0), a -> MatrixOperand.with(machine, in.get(1), b -> multiply(op, a, b, k, out)));
    }

    private void multiply(Matmul op, MatrixOperand a, MatrixOperand b, int k, Tensor out) {
        int m = out.shape().dim(-2);
        int n = out.shape().dim(-1);
        GemmShape one = GemmShape.of(m, n, k, op.transposeA() != a.transposed(), op.transposeB() != b.transposed())
                .withLeading(a.leading(), b.leading(), n);
        MatrixOperand y = new MatrixOperand(CpuMachine.elements(out), Layout.contiguous(out.shape()), false, n);
        Shape batch = out.shape().slice(0, out.shape().rank() - 2);
        Collapsed batches = Collapsed.of(batch, a.batch(), b.batch(), y.batch());
        GemmShape inner = batched(one, batches);
        Walk outer = new Walk(Arrays.copyOf(batches.dims(), batches.rank() - 1), new long[3], batches.strides());
        int bytes = out.dtype().bytes();
        for (long i = 0, count = outer.size(); i < count; i++, outer.step()) {
            gemm.run(
                    out.dtype(),
                    inner,
                    a.memory().asSlice(outer.place(0) * bytes),
                    b.memory().asSlice(outer.place(1) * bytes),
                    y.memory().asSlice(outer.place(2) * bytes));
        }
    }

    /** The products along the innermost axis; where all share B and the rows of A go on, one product of all rows. */
    private static GemmShape batched(GemmShape one, Collapsed batches) {
        int count = batches.inner();
        long strideA = batches.innerStride(0);
        long strideB = batches.innerStride(1);
        boolean tall = strideB == 0 && !one.transposeA() && strideA == one.m() * one.lda();
        if (tall && (long) one.m() * count <= Integer.MAX_VALUE) {
            return GemmShape.of(one.m() * count, one.n(), one.k(), false, one.transposeB())
                    .withLeading(one.lda(), one.ldb(), one.ldc());
        }
        return count == 1 ? one : one.batched(count, strideA, strideB, batches.innerStride(2));
    }

    /** Takes x and the bias contiguous, w with any strides. */
    void linear(Linear op, List<Tensor> in, Tensor out) {
        int k = in.get(1).shape().dim(0);
        int n = in.get(1).shape().dim(1);
        int m = Math.toIntExact(out.shape().size() / n);
        boolean biased = in.size() == 3;
        if (biased) {
            repeat(CpuMachine.elements(in.get(2)), out, m, n);
        }
        if (k == 0) {
            if (!biased) {
                CpuMachine.elements(out).fill((byte) 0);
            }
            return;
        }
        MemorySegment x = CpuMachine.elements(in.get(0));
        MatrixOperand.with(machine, in.get(1), w -> {
            GemmShape shape = GemmShape.of(m, n, k, false, w.transposed()).withLeading(k, w.leading(), n);
            gemm.run(out.dtype(), biased ? shape.accumulating() : shape, x, w.memory(), CpuMachine.elements(out));
        });
    }

    /** Every row of the result set to the bias, to which the product is added. */
    private void repeat(MemorySegment bias, Tensor out, int m, int n) {
        MemorySegment y = CpuMachine.elements(out);
        long bytes = (long) n * out.dtype().bytes();
        VectorReductions.share(machine.pool(), m, n, CHUNK, row -> MemorySegment.copy(bias, 0, y, row * bytes, bytes));
    }
}
