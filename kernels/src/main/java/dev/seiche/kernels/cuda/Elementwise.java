package dev.seiche.kernels.cuda;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Binary;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Unary;
import dev.seiche.tensor.op.Where;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Launches the kernels of {@code elementwise.cu}: one thread per element, operands by strides. */
final class Elementwise {
    private final CudaMachine machine;

    Elementwise(CudaMachine machine) {
        this.machine = machine;
    }

    <O extends Unary> Kernel<O> unary() {
        return unary(op -> 0, op -> 0);
    }

    <O extends Unary> Kernel<O> unary(ToDoubleFunction<O> p) {
        return unary(p, op -> 0);
    }

    /** @param p,q the op's attributes, as its expression takes them */
    <O extends Unary> Kernel<O> unary(ToDoubleFunction<O> p, ToDoubleFunction<O> q) {
        return CudaKernel.elementwise((op, in, out) -> {
            long n = out.shape().size();
            machine.call(op.name() + "_fwd_" + out.dtype() + "_v1")
                    .tensor(in.get(0))
                    .tensor(out)
                    .count(n)
                    .f64(p.applyAsDouble(op))
                    .f64(q.applyAsDouble(op))
                    .structure(Space.of(out.shape(), in.get(0).layout()))
                    .over(n);
        });
    }

    <O extends Binary> Kernel<O> binary() {
        return CudaKernel.elementwise((op, in, out) -> {
            long n = out.shape().size();
            machine.call(op.name() + "_fwd_" + out.dtype() + "_v1")
                    .tensor(in.get(0))
                    .tensor(in.get(1))
                    .tensor(out)
                    .count(n)
                    .structure(
                            Space.of(out.shape(), in.get(0).layout(), in.get(1).layout()))
                    .over(n);
        });
    }

    void addScaled(AddScaled op, List<Tensor> in, Tensor out) {
        long n = out.shape().size();
        machine.call("add_scaled_fwd_" + out.dtype() + "_v1")
                .tensor(in.get(0))
                .tensor(in.get(1))
                .tensor(out)
                .count(n)
                .f64(op.factor())
                .structure(Space.of(out.shape(), in.get(0).layout(), in.get(1).layout()))
                .over(n);
    }

    void where(Where op, List<Tensor> in, Tensor out) {
        long n = out.shape().size();
        machine.call("where_fwd_" + out.dtype() + "_v1")
                .tensor(in.get(0))
                .tensor(in.get(1))
                .tensor(in.get(2))
                .tensor(out)
                .count(n)
                .structure(Space.of(
                        out.shape(),
                        in.get(0).layout(),
                        in.get(1).layout(),
                        in.get(2).layout()))
                .over(n);
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
