package dev.seiche.kernels.cuda;

import dev.seiche.kernels.Aliasing;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.util.List;

/** A launcher and what it takes: contiguous inputs, any views, or any views with the output in place of one of them. */
record CudaKernel<O extends Op>(Kernel<O> launcher, boolean acceptsStrides, boolean mayAlias) implements Kernel<O> {
    static <O extends Op> CudaKernel<O> contiguous(Kernel<O> launcher) {
        return new CudaKernel<>(launcher, false, false);
    }

    static <O extends Op> CudaKernel<O> strided(Kernel<O> launcher) {
        return new CudaKernel<>(launcher, true, false);
    }

    static <O extends Op> CudaKernel<O> elementwise(Kernel<O> launcher) {
        return new CudaKernel<>(launcher, true, true);
    }

    @Override
    public void run(O op, List<Tensor> in, Tensor out) {
        if (mayAlias) {
            Aliasing.check(op, in, out);
        }
        launcher.run(op, in, out);
    }
}
