package dev.seiche.kernels.cpu;

import dev.seiche.kernels.Aliasing;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.util.List;

/** A kernel whose inputs may be any views. */
record StridedKernel<O extends Op>(Kernel<O> body, boolean elementwise) implements Kernel<O> {
    static <O extends Op> StridedKernel<O> of(Kernel<O> body) {
        return new StridedKernel<>(body, false);
    }

    /** Each output element is written after all inputs at its index were read, so the output may be an input. */
    static <O extends Op> StridedKernel<O> elementwise(Kernel<O> body) {
        return new StridedKernel<>(body, true);
    }

    @Override
    public void run(O op, List<Tensor> in, Tensor out) {
        if (elementwise) {
            Aliasing.check(op, in, out);
        }
        body.run(op, in, out);
    }

    @Override
    public boolean acceptsStrides() {
        return true;
    }

    @Override
    public boolean mayAlias() {
        return elementwise;
    }
}
