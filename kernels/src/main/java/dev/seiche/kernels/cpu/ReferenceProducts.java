package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.util.Arrays;
import java.util.List;

/** Matrix products as three loops, accumulated in double. */
final class ReferenceProducts {
    private ReferenceProducts() {}

    static void matmul(Matmul op, List<Tensor> in, Tensor out) {
        Cells a = Cells.of(in.get(0));
        Cells b = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        int m = out.shape().dim(-2);
        int n = out.shape().dim(-1);
        int k = in.get(0).shape().dim(op.transposeA() ? -2 : -1);
        long rowA = lastStride(a, op.transposeA() ? 1 : 2);
        long innerA = lastStride(a, op.transposeA() ? 2 : 1);
        long innerB = lastStride(b, op.transposeB() ? 1 : 2);
        long colB = lastStride(b, op.transposeB() ? 2 : 1);
        Shape batch = out.shape().slice(0, out.shape().rank() - 2);
        Walk walk = Walk.over(batch, leading(a.layout, 2), leading(b.layout, 2), leading(y.layout, 2));
        for (long each = 0; each < batch.size(); each++, walk.step()) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int p = 0; p < k; p++) {
                        sum += a.get(walk.place(0) + i * rowA + p * innerA)
                                * b.get(walk.place(1) + p * innerB + j * colB);
                    }
                    y.set(walk.place(2) + (long) i * n + j, sum);
                }
            }
        }
    }

    static void linear(Linear op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells w = Cells.of(in.get(1));
        Cells bias = in.size() == 3 ? Cells.of(in.get(2)) : null;
        Cells y = Cells.of(out);
        int k = w.dim(0);
        int n = w.dim(1);
        long innerX = lastStride(x, 1);
        Shape positions = out.shape().slice(0, out.shape().rank() - 1);
        Walk walk = Walk.over(positions, leading(x.layout, 1), leading(y.layout, 1));
        for (long i = 0; i < positions.size(); i++, walk.step()) {
            for (int j = 0; j < n; j++) {
                double sum = bias == null ? 0 : bias.get(bias.layout.offset() + j * bias.stride(0));
                for (int p = 0; p < k; p++) {
                    sum += x.get(walk.place(0) + p * innerX)
                            * w.get(w.layout.offset() + p * w.stride(0) + j * w.stride(1));
                }
                y.set(walk.place(1) + j, sum);
            }
        }
    }

    /** Stride of the axis {@code fromEnd} places before the end, 1 being the last. */
    private static long lastStride(Cells cells, int fromEnd) {
        return cells.stride(cells.layout.shape().rank() - fromEnd);
    }

    /** The layout without its last {@code count} axes. */
    private static Layout leading(Layout layout, int count) {
        int rank = layout.shape().rank() - count;
        return new Layout(layout.shape().slice(0, rank), Arrays.copyOf(layout.strides(), rank), layout.offset());
    }
}
