package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.onednn.ConvShape;
import dev.seiche.kernels.cpu.onednn.OneDnn;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;

/** Convolutions in f32 by oneDNN, in f64 by matrix products. All operands contiguous. */
final class OneDnnConvolution {
    private final OneDnn library;
    private final VectorConvolution f64;

    OneDnnConvolution(OneDnn library, VectorConvolution f64) {
        this.library = library;
        this.f64 = f64;
    }

    void forward(Conv2d op, List<Tensor> in, Tensor out) {
        if (out.dtype() != DType.F32) {
            f64.forward(op, in, out);
            return;
        }
        library.convolution(
                shape(in.get(0).shape(), in.get(1).shape(), op.geometry()),
                CpuMachine.elements(in.get(0)),
                CpuMachine.elements(in.get(1)),
                CpuMachine.elements(out));
    }

    void input(Conv2dInput op, List<Tensor> in, Tensor out) {
        if (out.dtype() != DType.F32) {
            f64.input(op, in, out);
            return;
        }
        library.convolutionBackwardInput(
                shape(out.shape(), in.get(1).shape(), op.geometry()),
                CpuMachine.elements(in.get(0)),
                CpuMachine.elements(in.get(1)),
                CpuMachine.elements(out));
    }

    void weight(Conv2dWeight op, List<Tensor> in, Tensor out) {
        if (out.dtype() != DType.F32) {
            f64.weight(op, in, out);
            return;
        }
        library.convolutionBackwardWeights(
                shape(in.get(0).shape(), out.shape(), op.geometry()),
                CpuMachine.elements(in.get(0)),
                CpuMachine.elements(in.get(1)),
                CpuMachine.elements(out));
    }

    private static ConvShape shape(Shape x, Shape w, ConvGeometry geometry) {
        return new ConvShape(x.dim(0), x.dim(1), x.dim(2), x.dim(3), w.dim(0), w.dim(1), w.dim(3), geometry);
    }
}
