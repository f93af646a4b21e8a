package dev.seiche.kernels.cuda.driver;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.function.LongConsumer;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import jcuda.runtime.cudaStream_t;

/**
 * Convolutions by cuDNN, on the stream of a context. Images are NHWC, filters {@code [O, KH, KW, C/groups]}, which is what
 * cuDNN takes beside NHWC; padding is the same on opposite sides. Algorithms are the deterministic ones that every version
 * has for these formats.
 */
public final class Cudnn implements AutoCloseable {
    private final GpuContext context;
    private final cudnnHandle handle = new cudnnHandle();

    private Cudnn(GpuContext context) {
        this.context = context;
        context.enter();
        check(JCudnn.cudnnCreate(handle), "cudnnCreate");
        check(JCudnn.cudnnSetStream(handle, new cudaStream_t(context.stream())), "cudnnSetStream");
    }

    /** @throws CudaUnavailableException where the library is missing */
    public static Cudnn open(GpuContext context) {
        new Libraries(context.gpu().device(), context.gpu().libraries()).requireCudnn();
        return new Cudnn(context);
    }

    /** True when padding is the same above and below, left and right: cuDNN has one number for each pair. */
    public static boolean takes(ConvGeometry g) {
        return g.padTop() == g.padBottom() && g.padLeft() == g.padRight();
    }

    /** Memory for the duration of a call. */
    public interface Workspace {
        void with(long bytes, LongConsumer body);
    }

    /** y from x and the filter. */
    public void forward(DType dtype, ConvGeometry g, Shape x, Shape w, Shape y, long[] xwy, Workspace workspace) {
        int algorithm = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
        run(
                new Problem("", dtype, g, x, w, y),
                workspace,
                (p, bytes) -> JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                        handle, p.image, p.filter, p.window, p.result, algorithm, bytes),
                (p, scratch, bytes) -> JCudnn.cudnnConvolutionForward(
                        handle,
                        p.one,
                        p.image,
                        Address.device(xwy[0]),
                        p.filter,
                        Address.device(xwy[1]),
                        p.window,
                        algorithm,
                        scratch,
                        bytes,
                        p.zero,
                        p.result,
                        Address.device(xwy[2])));
    }

    /** dx from dy and the filter. */
    public void input(DType dtype, ConvGeometry g, Shape x, Shape w, Shape y, long[] xwy, Workspace workspace) {
        int algorithm = cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1;
        run(
                new Problem("the input gradient of ", dtype, g, x, w, y),
                workspace,
                (p, bytes) -> JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                        handle, p.filter, p.result, p.window, p.image, algorithm, bytes),
                (p, scratch, bytes) -> JCudnn.cudnnConvolutionBackwardData(
                        handle,
                        p.one,
                        p.filter,
                        Address.device(xwy[1]),
                        p.result,
                        Address.device(xwy[2]),
                        p.window,
                        algorithm,
                        scratch,
                        bytes,
                        p.zero,
                        p.image,
                        Address.device(xwy[0])));
    }

    /** dw from x and dy. */
    public void weight(DType dtype, ConvGeometry g, Shape x, Shape w, Shape y, long[] xwy, Workspace workspace) {
        int algorithm = cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1;
        run(
                new Problem("the weight gradient of ", dtype, g, x, w, y),
                workspace,
                (p, bytes) -> JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                        handle, p.image, p.result, p.window, p.filter, algorithm, bytes),
                (p, scratch, bytes) -> JCudnn.cudnnConvolutionBackwardFilter(
                        handle,
                        p.one,
                        p.image,
                        Address.device(xwy[0]),
                        p.result,
                        Address.device(xwy[2]),
                        p.window,
                        algorithm,
                        scratch,
                        bytes,
                        p.zero,
                        p.filter,
                        Address.device(xwy[1])));
    }

    /** Asks how many bytes a call works in; returns cuDNN's status. */
    private interface Question {
        int ask(Problem problem, long[] bytes);
    }

    /** Computes, in that memory; returns cuDNN's status. */
    private interface Answer {
        int compute(Problem problem, Pointer scratch, long bytes);
    }

    private void run(Problem problem, Workspace workspace, Question question, Answer answer) {
        try (problem) {
            long[] bytes = {0};
            check(question.ask(problem, bytes), "asking for the workspace of " + problem);
            workspace.with(
                    Math.max(1, bytes[0]),
                    scratch ->
                            check(answer.compute(problem, Address.device(scratch), bytes[0]), problem + " by cuDNN"));
        }
    }

    /** cuDNN's descriptions of one convolution; w is {@code [KH, KW, C/groups, O]} as in the op. */
    private final class Problem implements AutoCloseable {
        final cudnnTensorDescriptor image = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor result = new cudnnTensorDescriptor();
        final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
        final cudnnConvolutionDescriptor window = new cudnnConvolutionDescriptor();
        final Pointer one;
        final Pointer zero;
        private final String text;

        /** @param what is asked for of the convolution, for errors */
        Problem(String what, DType dtype, ConvGeometry g, Shape x, Shape w, Shape y) {
            this.text = what + "a convolution of " + x + " by " + w;
            int type = dtype == DType.F32 ? cudnnDataType.CUDNN_DATA_FLOAT : cudnnDataType.CUDNN_DATA_DOUBLE;
            this.one = dtype == DType.F32 ? Pointer.to(new float[] {1}) : Pointer.to(new double[] {1});
            this.zero = dtype == DType.F32 ? Pointer.to(new float[] {0}) : Pointer.to(new double[] {0});
            context.enter();
            check(JCudnn.cudnnCreateTensorDescriptor(image), text);
            check(JCudnn.cudnnCreateTensorDescriptor(result), text);
            check(JCudnn.cudnnCreateFilterDescriptor(filter), text);
            check(JCudnn.cudnnCreateConvolutionDescriptor(window), text);
            check(describe(image, type, x), text);
            check(describe(result, type, y), text);
            check(
                    JCudnn.cudnnSetFilter4dDescriptor(
                            filter, type, cudnnTensorFormat.CUDNN_TENSOR_NHWC, w.dim(3), w.dim(2), w.dim(0), w.dim(1)),
                    text);
            check(
                    JCudnn.cudnnSetConvolution2dDescriptor(
                            window,
                            g.padTop(),
                            g.padLeft(),
                            g.strideH(),
                            g.strideW(),
                            g.dilationH(),
                            g.dilationW(),
                            cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                            type),
                    text);
            check(JCudnn.cudnnSetConvolutionGroupCount(window, g.groups()), text);
            // the default lets cuDNN round f32 operands to TF32
            check(JCudnn.cudnnSetConvolutionMathType(window, cudnnMathType.CUDNN_FMA_MATH), text);
        }

        private static int describe(cudnnTensorDescriptor descriptor, int type, Shape nhwc) {
            return JCudnn.cudnnSetTensor4dDescriptor(
                    descriptor,
                    cudnnTensorFormat.CUDNN_TENSOR_NHWC,
                    type,
                    nhwc.dim(0),
                    nhwc.dim(3),
                    nhwc.dim(1),
                    nhwc.dim(2));
        }

        @Override
        public String toString() {
            return text;
        }

        @Override
        public void close() {
            JCudnn.cudnnDestroyTensorDescriptor(image);
            JCudnn.cudnnDestroyTensorDescriptor(result);
            JCudnn.cudnnDestroyFilterDescriptor(filter);
            JCudnn.cudnnDestroyConvolutionDescriptor(window);
        }
    }

    private void check(int status, String what) {
        if (status != 0) {
            throw new CudaException(
                    context.gpu().device() + ": " + what + " failed: " + JCudnn.cudnnGetErrorString(status), status);
        }
    }

    /** Throws nothing. */
    @Override
    public void close() {
        JCudnn.cudnnDestroy(handle);
    }
}
