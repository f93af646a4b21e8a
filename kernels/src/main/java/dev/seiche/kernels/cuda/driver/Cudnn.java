package dev.seiche.kernels.cuda.driver;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnStatus;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import jcuda.runtime.cudaStream_t;

/**
 * Convolutions by cuDNN, on the stream of a context. Images are NHWC, filters {@code [O, KH, KW, C/groups]}, which is what
 * cuDNN takes beside NHWC; padding is the same on opposite sides. Of the algorithms that cuDNN offers for a shape, by its
 * knowledge of the device and not by timing, the first that is deterministic, rounds no operand and fits the working memory
 * is taken.
 */
public final class Cudnn implements AutoCloseable {
    /** Working memory that an algorithm may take. */
    private static final long MOST_BYTES = 256L << 20;

    /** More algorithms than cuDNN has for anything. */
    private static final int MOST_OFFERS = 16;

    private final GpuContext context;
    private final cudnnHandle handle = new cudnnHandle();
    /** Algorithms by what they were chosen for. */
    private final Map<String, Integer> chosen = new HashMap<>();

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
        run(new Problem("", dtype, g, x, w, y), workspace, new Pass() {
            @Override
            public int offers(Problem p, int[] count, List<Offer> offers) {
                var all = filled(new cudnnConvolutionFwdAlgoPerf[MOST_OFFERS], cudnnConvolutionFwdAlgoPerf::new);
                int status = JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                        handle, p.image, p.filter, p.window, p.result, MOST_OFFERS, count, all);
                for (var o : all) {
                    offers.add(new Offer(o.algo, o.status, o.memory, o.determinism, o.mathType));
                }
                return status;
            }

            @Override
            public int workspace(Problem p, int algorithm, long[] bytes) {
                return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                        handle, p.image, p.filter, p.window, p.result, algorithm, bytes);
            }

            @Override
            public int compute(Problem p, int algorithm, Pointer scratch, long bytes) {
                return JCudnn.cudnnConvolutionForward(
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
                        Address.device(xwy[2]));
            }
        });
    }

    /** dx from dy and the filter. */
    public void input(DType dtype, ConvGeometry g, Shape x, Shape w, Shape y, long[] xwy, Workspace workspace) {
        run(new Problem("the input gradient of ", dtype, g, x, w, y), workspace, new Pass() {
            @Override
            public int offers(Problem p, int[] count, List<Offer> offers) {
                var all =
                        filled(new cudnnConvolutionBwdDataAlgoPerf[MOST_OFFERS], cudnnConvolutionBwdDataAlgoPerf::new);
                int status = JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                        handle, p.filter, p.result, p.window, p.image, MOST_OFFERS, count, all);
                for (var o : all) {
                    offers.add(new Offer(o.algo, o.status, o.memory, o.determinism, o.mathType));
                }
                return status;
            }

            @Override
            public int workspace(Problem p, int algorithm, long[] bytes) {
                return JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                        handle, p.filter, p.result, p.window, p.image, algorithm, bytes);
            }

            @Override
            public int compute(Problem p, int algorithm, Pointer scratch, long bytes) {
                return JCudnn.cudnnConvolutionBackwardData(
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
                        Address.device(xwy[0]));
            }
        });
    }

    /** dw from x and dy. */
    public void weight(DType dtype, ConvGeometry g, Shape x, Shape w, Shape y, long[] xwy, Workspace workspace) {
        run(new Problem("the weight gradient of ", dtype, g, x, w, y), workspace, new Pass() {
            @Override
            public int offers(Problem p, int[] count, List<Offer> offers) {
                var all = filled(
                        new cudnnConvolutionBwdFilterAlgoPerf[MOST_OFFERS], cudnnConvolutionBwdFilterAlgoPerf::new);
                int status = JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                        handle, p.image, p.result, p.window, p.filter, MOST_OFFERS, count, all);
                for (var o : all) {
                    offers.add(new Offer(o.algo, o.status, o.memory, o.determinism, o.mathType));
                }
                return status;
            }

            @Override
            public int workspace(Problem p, int algorithm, long[] bytes) {
                return JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                        handle, p.image, p.result, p.window, p.filter, algorithm, bytes);
            }

            @Override
            public int compute(Problem p, int algorithm, Pointer scratch, long bytes) {
                return JCudnn.cudnnConvolutionBackwardFilter(
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
                        Address.device(xwy[1]));
            }
        });
    }

    /** One of the three things that are computed of a convolution; each call returns cuDNN's status. */
    private interface Pass {
        /** Asks which algorithms there are, the fastest first by what cuDNN knows of the device; nothing is run. */
        int offers(Problem problem, int[] count, List<Offer> offers);

        /** Asks how many bytes a call works in. */
        int workspace(Problem problem, int algorithm, long[] bytes);

        int compute(Problem problem, int algorithm, Pointer scratch, long bytes);
    }

    /** What cuDNN says of one of its algorithms. */
    private record Offer(int algorithm, int status, long bytes, int determinism, int mathType) {
        boolean isTaken() {
            boolean exact = mathType == cudnnMathType.CUDNN_DEFAULT_MATH || mathType == cudnnMathType.CUDNN_FMA_MATH;
            return status == 0 && bytes <= MOST_BYTES && exact && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC;
        }
    }

    private static <E> E[] filled(E[] array, Supplier<E> element) {
        Arrays.setAll(array, i -> element.get());
        return array;
    }

    private void run(Problem problem, Workspace workspace, Pass pass) {
        try (problem) {
            int algorithm = chosen.computeIfAbsent(problem.text, text -> choose(problem, pass));
            long[] bytes = {0};
            check(pass.workspace(problem, algorithm, bytes), "asking for the workspace of " + problem);
            workspace.with(
                    Math.max(1, bytes[0]),
                    scratch -> check(
                            pass.compute(problem, algorithm, Address.device(scratch), bytes[0]),
                            problem + " by cuDNN"));
        }
    }

    private int choose(Problem problem, Pass pass) {
        int[] count = {0};
        List<Offer> offers = new ArrayList<>();
        check(pass.offers(problem, count, offers), "asking for algorithms of " + problem);
        return offers.stream()
                .limit(count[0])
                .filter(Offer::isTaken)
                .findFirst()
                .orElseThrow(() -> new CudaException(
                        context.gpu().device() + ": cuDNN has no deterministic algorithm within " + (MOST_BYTES >> 20)
                                + " MiB for " + problem + "; leave out seiche.cuda.conv=cudnn",
                        cudnnStatus.CUDNN_STATUS_NOT_SUPPORTED))
                .algorithm();
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
            this.text = what + "a convolution of " + x + " by " + w + " in " + dtype + ", " + g;
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
