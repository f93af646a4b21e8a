package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Cudnn;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;

/**
 * Convolutions by cuDNN. It wants filters as {@code [O, KH, KW, C/groups]} where the op has {@code [KH, KW, C/groups, O]}, so
 * each call lays one out.
 */
final class CudnnConvolution {
    private final CudaMachine machine;
    private final Cudnn cudnn;

    CudnnConvolution(CudaMachine machine, Cudnn cudnn) {
        this.machine = machine;
        this.cudnn = cudnn;
    }

    void forward(ConvGeometry g, Tensor x, Tensor w, Tensor y) {
        machine.withScratch(w.type().bytes(), filter -> {
            toFilter(w, machine.address(w), filter);
            cudnn.forward(x.dtype(), g, x.shape(), w.shape(), y.shape(), addresses(x, filter, y), machine::withScratch);
        });
    }

    void input(ConvGeometry g, Tensor dy, Tensor w, Tensor dx) {
        machine.withScratch(w.type().bytes(), filter -> {
            toFilter(w, machine.address(w), filter);
            cudnn.input(
                    dx.dtype(), g, dx.shape(), w.shape(), dy.shape(), addresses(dx, filter, dy), machine::withScratch);
        });
    }

    void weight(ConvGeometry g, Tensor x, Tensor dy, Tensor dw) {
        machine.withScratch(dw.type().bytes(), filter -> {
            cudnn.weight(
                    x.dtype(), g, x.shape(), dw.shape(), dy.shape(), addresses(x, filter, dy), machine::withScratch);
            fromFilter(dw, filter, machine.address(dw));
        });
    }

    private long[] addresses(Tensor x, long filter, Tensor y) {
        return new long[] {machine.address(x), filter, machine.address(y)};
    }

    private void toFilter(Tensor w, long from, long to) {
        Shape filter = filter(w.shape());
        copy(w, from, to, Space.of(filter, inOp(w.shape()), filter.contiguousStrides()));
    }

    private void fromFilter(Tensor w, long from, long to) {
        Shape filter = filter(w.shape());
        copy(w, from, to, Space.of(filter, filter.contiguousStrides(), inOp(w.shape())));
    }

    private void copy(Tensor w, long from, long to, Space space) {
        new Movement(machine).copy(w.dtype(), from, to, space, w.shape().size());
    }

    private static Shape filter(Shape w) {
        return Shape.of(w.dim(3), w.dim(0), w.dim(1), w.dim(2));
    }

    /** Where the elements of a filter lie in the op's weights. */
    private static long[] inOp(Shape w) {
        long[] strides = w.contiguousStrides();
        return new long[] {strides[3], strides[0], strides[1], strides[2]};
    }
}
