package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.PoolGeometry;
import java.nio.ByteBuffer;
import java.util.List;

/** Launches the kernels of {@code pool.cu}: one thread per result. */
final class Pooling {
    private final CudaMachine machine;

    Pooling(CudaMachine machine) {
        this.machine = machine;
    }

    /** {@code struct Pool} of {@code pool.cu}. */
    private record Sizes(PoolGeometry g, Shape x, Shape y, boolean countPadding) implements Arguments.Structure {
        @Override
        public void pack(ByteBuffer into) {
            for (int dim : x.dims()) {
                into.putInt(dim);
            }
            into.putInt(y.dim(1)).putInt(y.dim(2));
            into.putInt(g.kernelH()).putInt(g.kernelW()).putInt(g.strideH()).putInt(g.strideW());
            into.putInt(g.padTop()).putInt(g.padLeft()).putInt(countPadding ? 1 : 0);
        }
    }

    void max(MaxPool2d op, List<Tensor> in, Tensor out) {
        launch("max_pool2d", in, out, new Sizes(op.geometry(), in.get(0).shape(), out.shape(), false));
    }

    void maxGather(MaxPool2dGather op, List<Tensor> in, Tensor out) {
        launch("max_pool2d_gather", in, out, new Sizes(op.geometry(), in.get(0).shape(), out.shape(), false));
    }

    void maxScatter(MaxPool2dScatter op, List<Tensor> in, Tensor out) {
        launch(
                "max_pool2d_scatter",
                in,
                out,
                new Sizes(op.geometry(), out.shape(), in.get(1).shape(), false));
    }

    void average(AvgPool2d op, List<Tensor> in, Tensor out) {
        launch("avg_pool2d", in, out, new Sizes(op.geometry(), in.get(0).shape(), out.shape(), op.countPadding()));
    }

    void averageInput(AvgPool2dInput op, List<Tensor> in, Tensor out) {
        launch(
                "avg_pool2d_input",
                in,
                out,
                new Sizes(op.geometry(), out.shape(), in.get(0).shape(), op.countPadding()));
    }

    private void launch(String name, List<Tensor> in, Tensor out, Sizes sizes) {
        long n = out.shape().size();
        Call call = machine.call(name + "_fwd_" + out.dtype() + "_v1");
        in.forEach(call::tensor);
        call.tensor(out).count(n).structure(sizes).over(n);
    }
}
