package dev.seiche.autograd;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.List;

/**
 * The interpreter that computes no element: it checks operands and tells the result's type. Use it to print a network's
 * shapes, to size buffers, or to check a rule without a backend. Stateless; any thread may use it.
 */
public final class Shapes implements Ops<TensorType> {
    @Override
    public TensorType apply(Op op, List<TensorType> in) {
        return op.infer(in);
    }

    @Override
    public TensorType lift(Tensor constant) {
        return constant.type();
    }
}
