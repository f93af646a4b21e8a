package dev.seiche.emulator;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.testkit.emulator.EmulatedMode;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls of cuBLAS and cuDNN that Seiche makes, against plain loops. */
class VendorLibrariesTest {
    private final Gpu gpu = new Gpu(EmulatedMode.CHECKED);
    private final Random random = new Random(7);

    @AfterEach
    void nothingIsWrong() {
        cuCtxSetCurrent(gpu.context);
        gpu.close();
    }

    private static void check(int status) {
        assertThat(status).isZero();
    }

    private float[] draw(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void cublasMultipliesBatchesOfTransposedMatrices() {
        int m = 3;
        int n = 4;
        int k = 5;
        int batch = 2;
        float[] a = draw(batch * m * k); // k x m, transposed
        float[] b = draw(batch * k * n);
        float[] c = draw(batch * m * n);
        CUdeviceptr result = gpu.floats(c);
        cublasHandle handle = new cublasHandle();
        check(JCublas2.cublasCreate(handle));
        check(JCublas2.cublasSetStream(handle, new cudaStream_t(gpu.stream)));
        check(JCublas2.cublasSgemmStridedBatched(
                handle,
                cublasOperation.CUBLAS_OP_T,
                cublasOperation.CUBLAS_OP_N,
                m,
                n,
                k,
                Pointer.to(new float[] {2}),
                gpu.floats(a),
                k,
                (long) m * k,
                gpu.floats(b),
                k,
                (long) k * n,
                Pointer.to(new float[] {3}),
                result,
                m,
                (long) m * n,
                batch));

        float[] got = gpu.floats(result, c.length);
        for (int i = 0; i < c.length; i++) {
            int matrix = i / (m * n);
            int row = i % m;
            int column = i / m % n;
            double sum = 0;
            for (int l = 0; l < k; l++) {
                sum += (double) a[matrix * m * k + row * k + l] * b[matrix * k * n + column * k + l];
            }
            // one rounding to f32 at the end, of a number below 64
            assertThat((double) got[i]).isCloseTo(2 * sum + 3 * (double) c[i], within(64 * 0x1p-24));
        }
        check(JCublas2.cublasDestroy(handle));
    }

    @Test
    void cublasSaysWhatIsNotEmulated() {
        cublasHandle handle = new cublasHandle();
        check(JCublas2.cublasCreate(handle));
        assertThat(JCublas2.cublasSdot(handle, 1, gpu.floats(1), 1, gpu.floats(1), 1, Pointer.to(new float[1])))
                .isEqualTo(15);
        check(JCublas2.cublasDestroy(handle));
    }

    /** {@code <conv(x), dy> = <x, backwardData(dy)> = <f, backwardFilter(x, dy)>}, and one output by its definition. */
    @Test
    void cudnnConvolvesForwardAndBackward() {
        int[] x = {2, 4, 7, 6}; // N C H W
        int[] f = {6, 2, 3, 2}; // K C/groups H W
        int groups = 2;
        int outH = (7 + 2 * 2 - 2 * 2 - 1) / 2 + 1;
        int outW = (6 + 2 - 1 - 1) / 1 + 1;
        int[] y = {2, 6, outH, outW};
        cudnnHandle handle = new cudnnHandle();
        check(JCudnn.cudnnCreate(handle));
        check(JCudnn.cudnnSetStream(handle, new cudaStream_t(gpu.stream)));
        cudnnTensorDescriptor xd = tensor(x);
        cudnnTensorDescriptor yd = tensor(y);
        cudnnFilterDescriptor fd = new cudnnFilterDescriptor();
        check(JCudnn.cudnnCreateFilterDescriptor(fd));
        check(JCudnn.cudnnSetFilter4dDescriptor(
                fd, cudnnDataType.CUDNN_DATA_FLOAT, cudnnTensorFormat.CUDNN_TENSOR_NHWC, f[0], f[1], f[2], f[3]));
        cudnnConvolutionDescriptor cd = new cudnnConvolutionDescriptor();
        check(JCudnn.cudnnCreateConvolutionDescriptor(cd));
        check(JCudnn.cudnnSetConvolution2dDescriptor(
                cd, 2, 1, 2, 1, 2, 1, cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, cudnnDataType.CUDNN_DATA_FLOAT));
        check(JCudnn.cudnnSetConvolutionGroupCount(cd, groups));
        int[] out = {0, 0, 0, 0};
        int[][] each = {{0}, {0}, {0}, {0}};
        check(JCudnn.cudnnGetConvolution2dForwardOutputDim(cd, xd, fd, each[0], each[1], each[2], each[3]));
        for (int i = 0; i < 4; i++) {
            out[i] = each[i][0];
        }
        assertThat(out).containsExactly(y);

        long[] bytes = {0};
        check(JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                handle,
                xd,
                fd,
                cd,
                yd,
                cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                bytes));
        CUdeviceptr workspace = gpu.allocate(bytes[0]);
        Pointer one = Pointer.to(new float[] {1});
        Pointer zero = Pointer.to(new float[] {0});
        float[] xs = draw(size(x));
        float[] fs = draw(size(f));
        float[] dys = draw(size(y));
        CUdeviceptr px = gpu.floats(xs);
        CUdeviceptr pf = gpu.floats(fs);
        CUdeviceptr pdy = gpu.floats(dys);
        CUdeviceptr py = gpu.allocate(4L * size(y));
        CUdeviceptr pdx = gpu.allocate(4L * size(x));
        CUdeviceptr pdf = gpu.allocate(4L * size(f));
        check(JCudnn.cudnnConvolutionForward(
                handle,
                one,
                xd,
                px,
                fd,
                pf,
                cd,
                cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                workspace,
                bytes[0],
                zero,
                yd,
                py));
        check(JCudnn.cudnnConvolutionBackwardData(
                handle,
                one,
                fd,
                pf,
                yd,
                pdy,
                cd,
                cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
                workspace,
                bytes[0],
                zero,
                xd,
                pdx));
        check(JCudnn.cudnnConvolutionBackwardFilter(
                handle,
                one,
                xd,
                px,
                yd,
                pdy,
                cd,
                cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1,
                workspace,
                bytes[0],
                zero,
                fd,
                pdf));

        float[] ys = gpu.floats(py, size(y));
        double expected = dot(ys, dys);
        // each result is rounded once, to 2^-24 of numbers below 32; some 500 products of them are added
        assertThat(dot(xs, gpu.floats(pdx, size(x)))).isCloseTo(expected, within(500 * 32 * 0x1p-24));
        assertThat(dot(fs, gpu.floats(pdf, size(f)))).isCloseTo(expected, within(500 * 32 * 0x1p-24));
        assertThat((double) ys[at(y, 1, 4, 1, 3)]).isCloseTo(output(xs, x, fs, f, 1, 4, 1, 3), within(32 * 0x1p-24));
        check(JCudnn.cudnnDestroy(handle));
    }

    private static double output(float[] xs, int[] x, float[] fs, int[] f, int n, int k, int oh, int ow) {
        double sum = 0;
        for (int c = 0; c < f[1]; c++) {
            for (int kh = 0; kh < f[2]; kh++) {
                for (int kw = 0; kw < f[3]; kw++) {
                    int h = oh * 2 - 2 + kh * 2;
                    int w = ow - 1 + kw;
                    if (h >= 0 && h < x[2] && w >= 0 && w < x[3]) {
                        // output channels 3 to 5 are the second group, of input channels 2 and 3
                        sum += (double) xs[at(x, n, k / 3 * 2 + c, h, w)] * fs[at(f, k, c, kh, kw)];
                    }
                }
            }
        }
        return sum;
    }

    private static cudnnTensorDescriptor tensor(int[] nchw) {
        cudnnTensorDescriptor descriptor = new cudnnTensorDescriptor();
        check(JCudnn.cudnnCreateTensorDescriptor(descriptor));
        check(JCudnn.cudnnSetTensor4dDescriptor(
                descriptor,
                cudnnTensorFormat.CUDNN_TENSOR_NHWC,
                cudnnDataType.CUDNN_DATA_FLOAT,
                nchw[0],
                nchw[1],
                nchw[2],
                nchw[3]));
        return descriptor;
    }

    private static int size(int[] dims) {
        return dims[0] * dims[1] * dims[2] * dims[3];
    }

    /** Where an element lies with channels last. */
    private static int at(int[] dims, int n, int c, int h, int w) {
        return ((n * dims[2] + h) * dims[3] + w) * dims[1] + c;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
