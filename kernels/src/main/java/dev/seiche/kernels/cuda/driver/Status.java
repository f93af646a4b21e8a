package dev.seiche.kernels.cuda.driver;

import java.util.Locale;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Return codes of the driver. */
final class Status {
    private static final int OUT_OF_MEMORY = CUresult.CUDA_ERROR_OUT_OF_MEMORY;

    /** From here up to the errors of captures: errors of a kernel, after which nothing works on the context. */
    private static final int FIRST_FATAL = CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;

    private Status() {}

    static boolean isOutOfMemory(int status) {
        return status == OUT_OF_MEMORY;
    }

    static boolean isFatal(int status) {
        return status >= FIRST_FATAL && status < CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
                || status == CUresult.CUDA_ERROR_ECC_UNCORRECTABLE;
    }

    /** @throws CudaException where the status is an error */
    static void check(int status, String what) {
        if (status != 0) {
            throw new CudaException(what + " failed: " + describe(status), status);
        }
    }

    /** {@code CUDA_ERROR_INVALID_VALUE (1, invalid argument)}. */
    static String describe(int status) {
        String[] name = {null};
        String[] text = {null};
        JCudaDriver.cuGetErrorName(status, name);
        JCudaDriver.cuGetErrorString(status, text);
        String title = name[0] == null ? CUresult.stringFor(status) : name[0];
        return String.format(Locale.ROOT, "%s (%d%s)", title, status, text[0] == null ? "" : ", " + text[0]);
    }
}
