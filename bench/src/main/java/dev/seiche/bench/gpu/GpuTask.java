package dev.seiche.bench.gpu;

import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.TensorType;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One op of one size.
 *
 * @param title as the table shows it
 * @param work the op and its operands
 * @param dtype of the floating operands
 * @param library what else computes it
 * @param tf32 passes on tensor cores, 0 for none: see {@link CudaOptions#tf32}
 * @param flops floating operations
 * @param terms that one element of the answer sums up: rounding errors grow with its square root
 */
record GpuTask(String title, OpCase work, DType dtype, Library library, int tf32, double flops, long terms) {
    /** NVIDIA's library for a task. */
    enum Library {
        NONE,
        CUBLAS,
        CUDNN
    }

    /** Unique: {@code conv2d-3x3-64-to-64-32x32-f32}. */
    String name() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** Bytes of operands and answer: what has to cross memory once. */
    long bytes() {
        List<TensorType> in = new ArrayList<>();
        for (Operand operand : work.operands()) {
            in.add(new TensorType(operand.kind() == Operand.Kind.IDS ? DType.I32 : dtype, operand.shape()));
        }
        long bytes = work.op().infer(in).bytes();
        for (TensorType each : in) {
            bytes += each.bytes();
        }
        return bytes;
    }

    /** Our kernels for it. */
    CudaOptions own(CudaOptions device) {
        return device.withTf32(tf32).withCublas(false).withCudnn(false);
    }

    /** NVIDIA's libraries, for any task. */
    static CudaOptions theirs(CudaOptions device) {
        return device.withTf32(0).withCublas(true).withCudnn(true);
    }

    /** The relative error of one rounding of our answer. */
    double rounding() {
        // one pass keeps 10 bits of an operand's fraction; three are allowed four times the error of f32
        double f32 = tf32 == 1 ? 0x1p-11 : tf32 == 3 ? 0x1p-22 : 0x1p-24;
        return dtype == DType.F64 ? 0x1p-53 : f32;
    }

    /**
     * How far an answer is from the right one, in units of what rounding explains: above 1 it is wrong. Sums of n rounded
     * products differ by about {@code sqrt(n)} roundings of a typical sum; the largest difference among millions of elements
     * is a few times that: 16 of them are allowed.
     *
     * @param rounding relative error of one
     */
    double distance(double[] answer, double[] right, double rounding) {
        double squares = 0;
        double most = 0;
        for (int i = 0; i < right.length; i++) {
            squares += right[i] * right[i];
            most = Math.max(most, Math.abs(answer[i] - right[i])); // a NaN stays
        }
        if (Double.isNaN(most) || answer.length != right.length) {
            return Double.POSITIVE_INFINITY;
        }
        double scale = Math.sqrt(squares / right.length);
        return most == 0 ? 0 : most / (16 * rounding * Math.sqrt((double) terms) * scale);
    }
}
