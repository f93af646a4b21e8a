package dev.seiche.kernels.cuda.driver;

import dev.seiche.tensor.DType;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/** Matrix products by cuBLAS, on the stream of a context. */
public final class Cublas implements AutoCloseable {
    private final GpuContext context;
    private final cublasHandle handle = new cublasHandle();

    private Cublas(GpuContext context) {
        this.context = context;
        context.enter();
        check(JCublas2.cublasCreate(handle), "cublasCreate");
        check(JCublas2.cublasSetStream(handle, new cudaStream_t(context.stream())), "cublasSetStream");
    }

    /** @throws CudaUnavailableException where the library is missing */
    public static Cublas open(GpuContext context) {
        new Libraries(context.gpu().device(), context.gpu().libraries()).requireCublas();
        return new Cublas(context);
    }

    /**
     * A batch of matrices in column-major order, as cuBLAS has them.
     *
     * @param transposed read columns as rows
     * @param pitch elements from one column to the next
     * @param stride elements from one matrix to the next
     */
    public record Matrices(long address, boolean transposed, int pitch, long stride) {}

    /** {@code c[m, n] = a[m, k] b[k, n] + (keep ? c : 0)} for each of a batch, column-major; enqueues. */
    public void multiply(
            DType dtype, int m, int n, int k, Matrices a, Matrices b, boolean keep, Matrices c, int batches) {
        context.enter();
        double beta = keep ? 1 : 0;
        int status = dtype == DType.F32
                ? JCublas2.cublasSgemmStridedBatched(
                        handle,
                        operation(a),
                        operation(b),
                        m,
                        n,
                        k,
                        Pointer.to(new float[] {1}),
                        Address.device(a.address),
                        a.pitch,
                        a.stride,
                        Address.device(b.address),
                        b.pitch,
                        b.stride,
                        Pointer.to(new float[] {(float) beta}),
                        Address.device(c.address),
                        c.pitch,
                        c.stride,
                        batches)
                : JCublas2.cublasDgemmStridedBatched(
                        handle,
                        operation(a),
                        operation(b),
                        m,
                        n,
                        k,
                        Pointer.to(new double[] {1}),
                        Address.device(a.address),
                        a.pitch,
                        a.stride,
                        Address.device(b.address),
                        b.pitch,
                        b.stride,
                        Pointer.to(new double[] {beta}),
                        Address.device(c.address),
                        c.pitch,
                        c.stride,
                        batches);
        check(status, "a product of " + m + "x" + k + " and " + k + "x" + n + " by cuBLAS");
    }

    private static int operation(Matrices matrices) {
        return matrices.transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    private void check(int status, String what) {
        if (status != 0) {
            throw new CudaException(context.gpu().device() + ": " + what + " failed: cuBLAS status " + status, status);
        }
    }

    /** Throws nothing. */
    @Override
    public void close() {
        JCublas2.cublasDestroy(handle);
    }
}
