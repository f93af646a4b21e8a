package dev.seiche.emulator;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.seiche.testkit.emulator.EmulatedLibraries;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/** A context on one of the emulated device's ordinals, a stream of it, and the plainest way to call kernels. */
final class Gpu implements AutoCloseable {
    /** CU_STREAM_NON_BLOCKING: does not wait for the default stream. */
    static final int NON_BLOCKING = 1;

    final CUcontext context = new CUcontext();
    final CUstream stream = new CUstream();
    private final List<CUdeviceptr> owned = new ArrayList<>();

    Gpu(EmulatedMode mode) {
        EmulatedLibraries.load();
        check(cuInit(0));
        CUdevice ordinal = new CUdevice();
        check(cuDeviceGet(ordinal, mode.index()));
        check(cuCtxCreate(context, 0, ordinal));
        check(cuStreamCreate(stream, NON_BLOCKING));
    }

    /** Compiles a file of kernels beside this class's resources. */
    CUmodule module(String file) {
        CUmodule module = new CUmodule();
        check(cuModuleLoadData(module, image(file, source(file))));
        return module;
    }

    static String source(String file) {
        try (InputStream in =
                Objects.requireNonNull(Gpu.class.getResourceAsStream("/emulator/" + file), "/emulator/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What NVRTC makes of a text. */
    static String image(String name, String source, String... options) {
        nvrtcProgram program = new nvrtcProgram();
        JNvrtc.nvrtcCreateProgram(program, source, name, 0, null, null);
        int status = JNvrtc.nvrtcCompileProgram(program, options.length, options);
        String[] log = {""};
        JNvrtc.nvrtcGetProgramLog(program, log);
        String[] image = {""};
        JNvrtc.nvrtcGetPTX(program, image);
        JNvrtc.nvrtcDestroyProgram(program);
        if (status != 0) {
            throw new CudaError(status, log[0]);
        }
        return image[0];
    }

    static CUfunction function(CUmodule module, String name) {
        CUfunction function = new CUfunction();
        check(cuModuleGetFunction(function, module, name));
        return function;
    }

    CUdeviceptr allocate(long bytes) {
        CUdeviceptr pointer = new CUdeviceptr();
        check(cuMemAlloc(pointer, bytes));
        owned.add(pointer);
        return pointer;
    }

    CUdeviceptr floats(float... values) {
        CUdeviceptr pointer = allocate(4L * values.length);
        check(cuMemcpyHtoD(pointer, Pointer.to(values), 4L * values.length));
        return pointer;
    }

    CUdeviceptr ints(int... values) {
        CUdeviceptr pointer = allocate(4L * values.length);
        check(cuMemcpyHtoD(pointer, Pointer.to(values), 4L * values.length));
        return pointer;
    }

    float[] floats(CUdeviceptr pointer, int count) {
        check(cuStreamSynchronize(stream));
        float[] values = new float[count];
        check(cuMemcpyDtoH(Pointer.to(values), pointer, 4L * count));
        return values;
    }

    int[] ints(CUdeviceptr pointer, int count) {
        check(cuStreamSynchronize(stream));
        int[] values = new int[count];
        check(cuMemcpyDtoH(Pointer.to(values), pointer, 4L * count));
        return values;
    }

    /** Puts a kernel of one-dimensional blocks on the stream. */
    void launch(CUfunction function, int blocks, int threads, Pointer... arguments) {
        launch(function, new int[] {blocks, 1, threads, 1}, 0, arguments);
    }

    /** Puts a kernel on the stream: blocks along x and y, threads along x and y. */
    void launch(CUfunction function, int[] extent, int sharedBytes, Pointer... arguments) {
        check(cuLaunchKernel(
                function,
                extent[0],
                extent[1],
                1,
                extent[2],
                extent[3],
                1,
                sharedBytes,
                stream,
                Pointer.to(arguments),
                null));
    }

    void synchronise() {
        check(cuStreamSynchronize(stream));
    }

    static Pointer argument(int value) {
        return Pointer.to(new int[] {value});
    }

    static Pointer argument(long value) {
        return Pointer.to(new long[] {value});
    }

    static Pointer argument(float value) {
        return Pointer.to(new float[] {value});
    }

    /** Turns a result into an exception that says what the driver says. */
    static void check(int status) {
        if (status != 0) {
            String[] text = {""};
            cuGetErrorString(status, text);
            throw new CudaError(status, text[0]);
        }
    }

    /** Frees what this gave out; damage and leaks are errors. After a failed launch nothing can be freed any more. */
    @Override
    public void close() {
        boolean lost = cuStreamSynchronize(stream) != 0;
        for (CUdeviceptr pointer : owned) {
            int status = cuMemFree(pointer);
            if (!lost) {
                check(status);
            }
        }
        int status = cuCtxDestroy(context);
        if (!lost) {
            check(status);
        }
    }

    /** Leaves one pointer to the test, which frees it itself or forgets to. */
    CUdeviceptr disown(CUdeviceptr pointer) {
        owned.remove(pointer);
        return pointer;
    }

    /** A result that is not success, with the driver's words. */
    static final class CudaError extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int status;
        final String text;

        CudaError(int status, String text) {
            super(text);
            this.status = status;
            this.text = text;
        }
    }
}
