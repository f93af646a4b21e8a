package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Cublas;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Launches the kernels of {@code matmul.cu}, or cuBLAS where it was asked for. Operands are read as they lie. */
final class Products {
    /** Side of the tiles of v2, as in {@code matmul.cu}; threads of v3 are its square. */
    private static final int EDGE = 16;

    /** Rows or columns from which on a block of v3 is worth filling. */
    private static final int WIDE = 32;

    private static final int MOST_BATCHES = 65535;

    private final CudaMachine machine;
    private final @Nullable CublasProduct library;

    Products(CudaMachine machine) {
        this.machine = machine;
        Cublas cublas = machine.cublas();
        this.library = cublas == null ? null : new CublasProduct(machine, cublas);
    }

    void matmul(Matmul op, List<Tensor> in, Tensor out) {
        Tensor a = in.get(0);
        Tensor b = in.get(1);
        Shape batch = out.shape().slice(0, out.shape().rank() - 2);
        Product sizes = new Product(
                out.shape().dim(-2),
                out.shape().dim(-1),
                a.shape().dim(op.transposeA() ? -2 : -1),
                Call.count("matmul", batch.size()),
                stride(a, op.transposeA() ? 1 : 2),
                stride(a, op.transposeA() ? 2 : 1),
                stride(b, op.transposeB() ? 1 : 2),
                stride(b, op.transposeB() ? 2 : 1),
                Space.of(batch, leading(a), leading(b)));
        launch(a, b, null, out, sizes);
    }

    void linear(Linear op, List<Tensor> in, Tensor out) {
        Tensor x = in.get(0);
        Tensor w = in.get(1);
        Tensor bias = in.size() == 3 ? in.get(2) : null;
        int k = w.shape().dim(0);
        int n = w.shape().dim(1);
        int m = Call.count("linear", out.shape().size() / n);
        Shape one = Shape.scalar();
        Product sizes =
                new Product(m, n, k, 1, k, 1, n, 1, Space.of(one, Layout.contiguous(one), Layout.contiguous(one)));
        launch(x, w, bias, out, sizes);
    }

    private void launch(Tensor a, Tensor b, @Nullable Tensor bias, Tensor out, Product sizes) {
        if (library != null && library.multiply(a, b, bias, out, sizes)) {
            return;
        }
        int version = version(sizes, out.dtype());
        Call call = machine.call(kernel(version, out.dtype()))
                .tensor(a)
                .tensor(b)
                .address(bias == null ? 0 : machine.address(bias))
                .tensor(out);
        if (version == 1) {
            long n = out.shape().size();
            call.count(n).structure(sizes).over(n);
            return;
        }
        int edge = version == 2 ? EDGE : Tiles.width(out.dtype());
        if (version >= 3) {
            call.count(vectors(a, b, out, sizes));
        }
        call.structure(sizes)
                .launch(Grid.of(
                        Math.ceilDiv(sizes.m(), edge),
                        Math.ceilDiv(sizes.n(), edge),
                        Math.min(sizes.batches(), MOST_BATCHES),
                        version == 2 ? EDGE : EDGE * EDGE,
                        version == 2 ? EDGE : 1));
    }

    /** Blocks are worth it where they are mostly filled. */
    private int version(Product sizes, DType dtype) {
        int smaller = Math.min(sizes.m(), sizes.n());
        int best = machine.tf32() != 0 && dtype == DType.F32 ? 4 : 3;
        if (smaller < EDGE / 2) {
            return 1;
        }
        return machine.version(smaller < WIDE || sizes.batches() > MOST_BATCHES ? 2 : best);
    }

    private String kernel(int version, DType dtype) {
        String unit = version < 4 ? "" : machine.tf32() == 3 ? "3xtf32_" : "tf32_";
        return "matmul_" + unit + "fwd_" + dtype + "_v" + version;
    }

    /** Bit 0, 1, 2: a, b, the result may be read and written 16 bytes at a time. */
    private int vectors(Tensor a, Tensor b, Tensor out, Product sizes) {
        int vector = Tiles.vector(out.dtype());
        boolean left =
                runs(sizes.aInner(), sizes.aRow(), vector) && sizes.batch().inSteps(0, vector) && aligned(a);
        boolean right =
                runs(sizes.bInner(), sizes.bColumn(), vector) && sizes.batch().inSteps(1, vector) && aligned(b);
        boolean result = sizes.n() % vector == 0 && aligned(out);
        return (left ? 1 : 0) | (right ? 2 : 0) | (result ? 4 : 0);
    }

    /** True when one of two strides is 1 and the other keeps to whole vectors. */
    private static boolean runs(long inner, long other, int vector) {
        return inner == 1 ? other % vector == 0 : other == 1 && inner % vector == 0;
    }

    private boolean aligned(Tensor tensor) {
        return machine.address(tensor) % Tiles.BYTES == 0;
    }

    /** Stride of the axis {@code fromEnd} places before the end, 1 being the last. */
    private static long stride(Tensor tensor, int fromEnd) {
        return tensor.layout().strides()[tensor.shape().rank() - fromEnd];
    }

    /** The layout without its last two axes, from the tensor's first element. */
    private static Layout leading(Tensor tensor) {
        int rank = tensor.shape().rank() - 2;
        return new Layout(
                tensor.shape().slice(0, rank), Arrays.copyOf(tensor.layout().strides(), rank), 0);
    }
}
