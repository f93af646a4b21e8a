package dev.seiche.tensor.ops;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.List;

/** What an interpreter must provide: the meaning of an op on its values, and of a constant. */
public interface Applies<T extends Value> {
    /**
     * The result of {@code op} on these inputs.
     *
     * @throws dev.seiche.tensor.ShapeException when the operands do not fit
     */
    T apply(Op op, List<T> in);

    /** A tensor as a constant of this interpreter: no derivative flows to it. */
    T lift(Tensor constant);
}
