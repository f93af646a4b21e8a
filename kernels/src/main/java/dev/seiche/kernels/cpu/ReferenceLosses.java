package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import java.util.Arrays;
import java.util.List;

/** Cross-entropy of rows of logits, and its gradient. Sums in order, in double. */
final class ReferenceLosses {
    private ReferenceLosses() {}

    /** What is done with one row: its number, where it starts, its label, its largest element, its sum of e^(x - top). */
    private interface Row {
        void run(long row, long start, long label, double top, double sum);
    }

    static void crossEntropy(CrossEntropy op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells y = Cells.of(out);
        long stride = x.stride(x.layout.shape().rank() - 1);
        rows(op, x, in.get(1), (row, start, label, top, sum) -> {
            double picked = x.get(start + label * stride);
            y.set(y.layout.offset() + row, Math.log(sum) + (top - picked));
        });
    }

    static void crossEntropyGrad(CrossEntropyGrad op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells dy = Cells.of(in.get(2));
        Cells dx = Cells.of(out);
        int last = x.layout.shape().rank() - 1;
        int n = x.dim(last);
        Walk cotangents = Walk.over(in.get(2).shape(), dy.layout);
        rows(op, x, in.get(1), (row, start, label, top, sum) -> {
            double cotangent = dy.get(cotangents.place(0));
            cotangents.step();
            for (int c = 0; c < n; c++) {
                double share = Math.exp(x.get(start + c * x.stride(last)) - top) / sum;
                dx.set(dx.layout.offset() + row * n + c, cotangent * (share - (c == label ? 1 : 0)));
            }
        });
    }

    private static void rows(Op op, Cells x, Tensor labels, Row each) {
        Cells ids = Cells.of(labels);
        int last = x.layout.shape().rank() - 1;
        int n = x.dim(last);
        ReferenceIndexing.checkIds(op, labels, n);
        Walk walk = new Walk(
                labels.shape().dims(),
                new long[] {x.layout.offset(), ids.layout.offset()},
                Arrays.copyOf(x.layout.strides(), last),
                ids.layout.strides());
        for (long row = 0, rows = labels.shape().size(); row < rows; row++, walk.step()) {
            double top = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < n; c++) {
                top = Math.max(top, x.get(walk.place(0) + c * x.stride(last)));
            }
            double sum = 0;
            for (int c = 0; c < n; c++) {
                sum += Math.exp(x.get(walk.place(0) + c * x.stride(last)) - top);
            }
            each.run(row, walk.place(0), ids.id(walk.place(1)), top, sum);
        }
    }
}
