package dev.seiche.tensor.ops;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.util.List;

/** Ops that look elements up by i32 ids. */
public interface Indexing<T extends Value> extends Elementwise<T> {
    /** Slices of x at these ids along an axis; ids of any shape. An embedding look-up is {@code gather(table, ids, 0)}. */
    default T gather(T x, T ids, int axis) {
        return apply(new Gather(x.shape().axis(axis)), List.of(x, ids));
    }

    /** Adds slices of src into zeros at these ids along an axis of size {@code size}: the adjoint of gather. */
    default T scatterAdd(T src, T ids, int axis, int size) {
        return apply(new ScatterAdd(axis, size), List.of(src, ids));
    }

    /** One element of each row: {@code x[..., ids[...]]}. */
    default T pick(T x, T ids) {
        return apply(new Pick(), List.of(x, ids));
    }

    /** Rows of {@code classes} zeros with one element of x each: the adjoint of pick. */
    default T unpick(T x, T ids, int classes) {
        return apply(new Unpick(classes), List.of(x, ids));
    }

    /** Rows of 0 with a single 1 at the id. */
    default T oneHot(T ids, int classes, DType dtype) {
        return unpick(fill(new TensorType(dtype, ids.shape()), 1.0), ids, classes);
    }
}
