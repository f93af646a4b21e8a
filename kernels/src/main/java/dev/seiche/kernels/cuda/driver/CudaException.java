package dev.seiche.kernels.cuda.driver;

/** A call of CUDA failed. The message names the device, the call or kernel with its grid, and CUDA's own error. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    CudaException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** CUDA's error code, never 0. */
    public int status() {
        return status;
    }
}
