package dev.seiche.kernels;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.util.List;

/** Computing in place: an operand may be the very elements of the result, or lie elsewhere in its memory. */
public final class Aliasing {
    private Aliasing() {}

    /** @throws IllegalArgumentException where an operand overlaps the result otherwise: it would be overwritten early */
    public static void check(Op op, List<Tensor> in, Tensor out) {
        for (Tensor operand : in) {
            if (operand.buffer() == out.buffer() && overlaps(operand.layout(), out.layout()) && !same(operand, out)) {
                throw new IllegalArgumentException(op.name() + ": operand " + operand.describe() + " at "
                        + operand.layout() + " overlaps the result at " + out.layout()
                        + " without being the same elements; copy it first");
            }
        }
    }

    private static boolean same(Tensor a, Tensor out) {
        return a.shape().equals(out.shape())
                && a.layout().offset() == out.layout().offset()
                && a.isContiguous();
    }

    private static boolean overlaps(Layout a, Layout out) {
        if (a.shape().size() == 0) {
            return false;
        }
        long last = a.offset();
        for (int axis = 0; axis < a.shape().rank(); axis++) {
            last += a.strides()[axis] * (a.shape().dim(axis) - 1);
        }
        return a.offset() < out.offset() + out.shape().size() && last >= out.offset();
    }
}
