package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.kernels.cuda.driver.Cudnn;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Launches the kernels of {@code conv.cu} and {@code conv_gemm.cu}, or cuDNN where it was asked for. */
final class Convolutions {
    /** Grids have at most this many blocks in z, which groups are counted by. */
    private static final int MOST_GROUPS = 65535;

    /** Channels of a group below which tiles stay mostly empty. */
    private static final int FEW = 16;

    /** Positions that a part of a weight gradient sums at least, and how many parts there are at most. */
    private static final int PART = 512;

    private static final int MOST_PARTS = 32;

    private final CudaMachine machine;
    private final @Nullable CudnnConvolution library;

    Convolutions(CudaMachine machine) {
        this.machine = machine;
        Cudnn cudnn = machine.cudnn();
        this.library = cudnn == null ? null : new CudnnConvolution(machine, cudnn);
    }

    /** {@code struct Conv} of {@code conv.cuh}. */
    record Sizes(ConvGeometry g, Shape x, Shape w, Shape y) implements Arguments.Structure {
        /** Input channels of a group. */
        int channels() {
            return w.dim(2);
        }

        /** Output channels of a group. */
        int outputs() {
            return w.dim(3) / g.groups();
        }

        /** Taps times channels of a group. */
        int rows() {
            return w.dim(0) * w.dim(1) * w.dim(2);
        }

        @Override
        public void pack(ByteBuffer into) {
            for (int dim : x.dims()) {
                into.putInt(dim);
            }
            into.putInt(w.dim(0)).putInt(w.dim(1)).putInt(w.dim(3));
            into.putInt(y.dim(1)).putInt(y.dim(2));
            into.putInt(g.strideH()).putInt(g.strideW()).putInt(g.padTop()).putInt(g.padLeft());
            into.putInt(g.dilationH()).putInt(g.dilationW()).putInt(g.groups());
        }
    }

    void forward(Conv2d op, List<Tensor> in, Tensor out) {
        if (library != null && Cudnn.takes(op.geometry())) {
            library.forward(op.geometry(), in.get(0), in.get(1), out);
            return;
        }
        Sizes sizes = new Sizes(op.geometry(), in.get(0).shape(), in.get(1).shape(), out.shape());
        if (direct(sizes)) {
            launch("conv2d", in, out, sizes);
        } else {
            int rows = positions(sizes.y);
            tiled("conv2d", in, out, sizes, rows, sizes.outputs(), sizes.channels(), sizes.outputs());
        }
    }

    void input(Conv2dInput op, List<Tensor> in, Tensor out) {
        if (library != null && Cudnn.takes(op.geometry())) {
            library.input(op.geometry(), in.get(0), in.get(1), out);
            return;
        }
        Sizes sizes = new Sizes(
                op.geometry(), out.shape(), in.get(1).shape(), in.get(0).shape());
        if (direct(sizes)) {
            launch("conv2d_input", in, out, sizes);
        } else {
            int rows = positions(sizes.x);
            tiled("conv2d_input", in, out, sizes, rows, sizes.channels(), sizes.outputs(), sizes.outputs());
        }
    }

    void weight(Conv2dWeight op, List<Tensor> in, Tensor out) {
        if (library != null && Cudnn.takes(op.geometry())) {
            library.weight(op.geometry(), in.get(0), in.get(1), out);
            return;
        }
        Sizes sizes = new Sizes(
                op.geometry(), in.get(0).shape(), out.shape(), in.get(1).shape());
        if (direct(sizes)) {
            launch("conv2d_weight", in, out, sizes);
            return;
        }
        int inner = positions(sizes.y);
        int parts = Math.clamp(inner / PART, 1, Math.max(1, Math.min(MOST_PARTS, MOST_GROUPS / sizes.g.groups())));
        long n = out.shape().size();
        Grid grid = grid(out.dtype(), sizes.rows(), sizes.outputs(), sizes.g.groups() * parts);
        int vectors = vectors(in, sizes.channels(), sizes.outputs(), out.dtype());
        machine.withScratch(n * parts * out.dtype().bytes(), partial -> {
            machine.call("conv2d_weight_fwd_" + out.dtype() + "_v2")
                    .tensor(in.get(0))
                    .tensor(in.get(1))
                    .address(partial)
                    .count(vectors)
                    .count(parts)
                    .structure(sizes)
                    .launch(grid);
            machine.call("conv2d_weight_parts_fwd_" + out.dtype() + "_v2")
                    .address(partial)
                    .tensor(out)
                    .count(n)
                    .count(parts)
                    .over(n);
        });
    }

    /** Few channels in each of many groups leave tiles empty: the plain kernels waste nothing there. */
    private boolean direct(Sizes sizes) {
        return machine.version(2) == 1
                || sizes.g.groups() > MOST_GROUPS
                || (sizes.g.groups() > 1 && sizes.channels() < FEW && sizes.outputs() < FEW);
    }

    private void launch(String name, List<Tensor> in, Tensor out, Sizes sizes) {
        long n = out.shape().size();
        machine.call(name + "_fwd_" + out.dtype() + "_v1")
                .tensor(in.get(0))
                .tensor(in.get(1))
                .tensor(out)
                .count(n)
                .structure(sizes)
                .over(n);
    }

    /** @param run,otherRun neighbours of each operand that lie side by side within a group */
    private void tiled(
            String name, List<Tensor> in, Tensor out, Sizes sizes, int rows, int columns, int run, int otherRun) {
        machine.call(name + "_fwd_" + out.dtype() + "_v2")
                .tensor(in.get(0))
                .tensor(in.get(1))
                .tensor(out)
                .count(vectors(in, run, otherRun, out.dtype()))
                .structure(sizes)
                .launch(grid(out.dtype(), rows, columns, sizes.g.groups()));
    }

    private static Grid grid(DType dtype, int rows, int columns, int groups) {
        int width = Tiles.width(dtype);
        return Grid.of(Math.ceilDiv(rows, width), Math.ceilDiv(columns, width), groups, Tiles.THREADS, 1);
    }

    /** Bit 0, 1: the first, the second operand may be read 16 bytes at a time. */
    private int vectors(List<Tensor> in, int run, int otherRun, DType dtype) {
        int vector = Tiles.vector(dtype);
        boolean first = run % vector == 0 && machine.address(in.get(0)) % Tiles.BYTES == 0;
        boolean second = otherRun % vector == 0 && machine.address(in.get(1)) % Tiles.BYTES == 0;
        return (first ? 1 : 0) | (second ? 2 : 0);
    }

    /** Positions of all images of a batch. */
    private static int positions(Shape image) {
        return Call.count("a convolution", (long) image.dim(0) * image.dim(1) * image.dim(2));
    }
}
