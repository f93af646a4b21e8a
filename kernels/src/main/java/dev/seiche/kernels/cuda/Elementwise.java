package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Cast;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The ops that treat each element by itself, operands by strides: the {@link Chain} launches what is asked for here. */
final class Elementwise {
    private final CudaMachine machine;

    Elementwise(CudaMachine machine) {
        this.machine = machine;
    }

    /** An op without attributes. */
    <O extends Op> Kernel<O> of() {
        return kernel(op -> List.of());
    }

    <O extends Op> Kernel<O> of(ToDoubleFunction<O> attribute) {
        return kernel(op -> List.of(attribute.applyAsDouble(op)));
    }

    /** @param first,second the op's attributes, in the order in which its expression takes them */
    <O extends Op> Kernel<O> of(ToDoubleFunction<O> first, ToDoubleFunction<O> second) {
        return kernel(op -> List.of(first.applyAsDouble(op), second.applyAsDouble(op)));
    }

    private <O extends Op> Kernel<O> kernel(Function<O, List<Double>> attributes) {
        return CudaKernel.elementwise(
                (op, in, out) -> machine.chain().add(Link.of(machine, op, attributes.apply(op), in, out)));
    }

    void cast(Cast op, List<Tensor> in, Tensor out) {
        DType from = in.get(0).dtype();
        if (from == out.dtype()) {
            new Movement(machine).copy(in.get(0), out);
            return;
        }
        long n = out.shape().size();
        machine.call("cast_fwd_" + from + "_" + out.dtype() + "_v1")
                .tensor(in.get(0))
                .tensor(out)
                .count(n)
                .structure(Space.of(out.shape(), in.get(0).layout()))
                .over(n);
    }
}
