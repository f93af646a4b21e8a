package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.util.List;

/** A kernel of plain loops over any layout: what all faster kernels are tested against. */
record ReferenceKernel<O extends Op>(Kernel<O> loops, boolean elementwise) implements Kernel<O> {
    static <O extends Op> ReferenceKernel<O> of(Kernel<O> loops) {
        return new ReferenceKernel<>(loops, false);
    }

    /** Each output element is written after all inputs at its index were read, so the output may be an input. */
    static <O extends Op> ReferenceKernel<O> elementwise(Kernel<O> loops) {
        return new ReferenceKernel<>(loops, true);
    }

    @Override
    public void run(O op, List<Tensor> in, Tensor out) {
        loops.run(op, in, out);
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
