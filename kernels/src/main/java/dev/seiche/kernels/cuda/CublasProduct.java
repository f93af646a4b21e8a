package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Cublas;
import dev.seiche.kernels.cuda.driver.Cublas.Matrices;
import dev.seiche.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products by cuBLAS, which has columns where we have rows: it computes the transposed result from the transposed
 * operands in the other order.
 */
final class CublasProduct {
    private final CudaMachine machine;
    private final Cublas cublas;

    CublasProduct(CudaMachine machine, Cublas cublas) {
        this.machine = machine;
        this.cublas = cublas;
    }

    /** False where the operands' strides are none that cuBLAS takes, and nothing was done. */
    boolean multiply(Tensor a, Tensor b, @Nullable Tensor bias, Tensor out, Product sizes) {
        Matrices right = matrices(b, sizes.bColumn(), sizes.bInner(), sizes.n(), sizes.k(), sizes.stride(1));
        Matrices left = matrices(a, sizes.aInner(), sizes.aRow(), sizes.k(), sizes.m(), sizes.stride(0));
        if (right == null || left == null || sizes.k() == 0 || !sizes.evenBatches()) {
            return false;
        }
        if (bias != null) {
            new Movement(machine)
                    .copy(
                            out.dtype(),
                            machine.address(bias),
                            machine.address(out),
                            Space.of(out.shape(), bias.layout(), out.layout()),
                            out.shape().size());
        }
        Matrices result = new Matrices(machine.address(out), false, sizes.n(), (long) sizes.m() * sizes.n());
        cublas.multiply(
                out.dtype(), sizes.n(), sizes.m(), sizes.k(), right, left, bias != null, result, sizes.batches());
        return true;
    }

    /** A matrix of {@code rows x columns} in column-major terms, {@code down} elements apart in a column. */
    private @Nullable Matrices matrices(Tensor tensor, long down, long across, int rows, int columns, long stride) {
        if (down == 1 && across >= rows && across <= Integer.MAX_VALUE) {
            return new Matrices(machine.address(tensor), false, (int) across, stride);
        }
        if (across == 1 && down >= columns && down <= Integer.MAX_VALUE) {
            return new Matrices(machine.address(tensor), true, (int) down, stride);
        }
        return null;
    }
}
