package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.util.Arrays;
import java.util.List;

/** Ops that move elements by ids or to other places. */
final class ReferenceIndexing {
    private ReferenceIndexing() {}

    static void gather(Gather op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells ids = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        checkIds(op, in.get(1), x.dim(op.axis()));
        int idRank = ids.layout.shape().rank();
        long stride = x.stride(op.axis());
        Walk walk = sliced(out.shape(), op.axis(), idRank, x, ids);
        for (long i = 0, n = out.shape().size(); i < n; i++, walk.step()) {
            y.set(y.layout.offset() + i, x.get(walk.place(0) + ids.id(walk.place(1)) * stride));
        }
    }

    static void scatterAdd(ScatterAdd op, List<Tensor> in, Tensor out) {
        Cells src = Cells.of(in.get(0));
        Cells ids = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        checkIds(op, in.get(1), op.size());
        int idRank = ids.layout.shape().rank();
        long stride = y.stride(op.axis());
        double[] sums = new double[Math.toIntExact(out.shape().size())];
        Walk walk = sliced(src.layout.shape(), op.axis(), idRank, y, ids);
        Walk from = Walk.over(src.layout.shape(), src.layout);
        for (long i = 0, n = src.layout.shape().size(); i < n; i++, walk.step(), from.step()) {
            long place = walk.place(0) - y.layout.offset() + ids.id(walk.place(1)) * stride;
            sums[(int) place] += src.get(from.place(0));
        }
        for (int i = 0; i < sums.length; i++) {
            y.set(y.layout.offset() + i, sums[i]);
        }
    }

    static void pick(Pick op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells ids = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        int last = x.layout.shape().rank() - 1;
        checkIds(op, in.get(1), x.dim(last));
        Walk rows = new Walk(
                out.shape().dims(),
                new long[] {x.layout.offset(), ids.layout.offset()},
                Arrays.copyOf(x.layout.strides(), last),
                ids.layout.strides());
        for (long i = 0, n = out.shape().size(); i < n; i++, rows.step()) {
            y.set(y.layout.offset() + i, x.get(rows.place(0) + ids.id(rows.place(1)) * x.stride(last)));
        }
    }

    static void unpick(Unpick op, List<Tensor> in, Tensor out) {
        Cells x = Cells.of(in.get(0));
        Cells ids = Cells.of(in.get(1));
        Cells y = Cells.of(out);
        checkIds(op, in.get(1), op.classes());
        ReferenceElementwise.constant(out, 0);
        Walk rows = Walk.over(in.get(0).shape(), x.layout, ids.layout);
        for (long i = 0, n = in.get(0).shape().size(); i < n; i++, rows.step()) {
            y.set(y.layout.offset() + i * op.classes() + ids.id(rows.place(1)), x.get(rows.place(0)));
        }
    }

    static void concat(Concat op, List<Tensor> in, Tensor out) {
        Cells y = Cells.of(out);
        long start = y.layout.offset();
        for (Tensor each : in) {
            place(each, y, start, y.layout.strides());
            start += each.shape().dim(op.axis()) * y.stride(op.axis());
        }
    }

    static void place(Place op, List<Tensor> in, Tensor out) {
        ReferenceElementwise.constant(out, 0);
        placeOver(op, in.get(0), out);
    }

    /** Sets the placed elements only. */
    static void placeOver(Place op, Tensor x, Tensor out) {
        Cells y = Cells.of(out);
        long[] strides = y.layout.strides().clone();
        long start = y.layout.offset();
        for (int axis = 0; axis < strides.length; axis++) {
            start += op.start().get(axis) * strides[axis];
            strides[axis] *= op.step().get(axis);
        }
        place(x, y, start, strides);
    }

    private static void place(Tensor from, Cells y, long start, long[] strides) {
        Cells x = Cells.of(from);
        Walk walk = new Walk(from.shape().dims(), new long[] {x.layout.offset(), start}, x.layout.strides(), strides);
        for (long i = 0, n = from.shape().size(); i < n; i++, walk.step()) {
            y.set(walk.place(1), x.get(walk.place(0)));
        }
    }

    /**
     * Over {@code shape}, in which the axes of {@code ids} stand in for axis {@code axis} of {@code whole}: the places of
     * element 0 along that axis, and of the ids.
     */
    private static Walk sliced(Shape shape, int axis, int idRank, Cells whole, Cells ids) {
        long[] wholeStrides = new long[shape.rank()];
        long[] idStrides = new long[shape.rank()];
        for (int k = 0; k < shape.rank(); k++) {
            if (k < axis) {
                wholeStrides[k] = whole.stride(k);
            } else if (k < axis + idRank) {
                idStrides[k] = ids.stride(k - axis);
            } else {
                wholeStrides[k] = whole.stride(k - idRank + 1);
            }
        }
        return new Walk(shape.dims(), new long[] {whole.layout.offset(), ids.layout.offset()}, wholeStrides, idStrides);
    }

    /** @throws IndexOutOfBoundsException naming the first id that is not in 0..bound-1 */
    static void checkIds(Op op, Tensor ids, int bound) {
        Cells cells = Cells.of(ids);
        Walk walk = Walk.over(ids.shape(), cells.layout);
        for (long i = 0, n = ids.shape().size(); i < n; i++, walk.step()) {
            long id = cells.id(walk.place(0));
            if (id < 0 || id >= bound) {
                throw new IndexOutOfBoundsException(op.name() + ": id " + id + " at " + Arrays.toString(walk.index())
                        + " of ids " + ids.describe() + " is not in 0.." + (bound - 1));
            }
        }
    }
}
