package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** Random operands of a convolution, and its three directions by direct loops in double. */
final class NaiveConvolution {
    final MemorySegment x;
    final MemorySegment w;
    final MemorySegment dy;
    private final ConvShape s;

    NaiveConvolution(ConvShape s, long seed, Arena arena) {
        this.s = s;
        Random random = new Random(seed);
        x = filled(s.batch() * s.inputPerSample(), random, arena);
        w = filled(s.weights(), random, arena);
        dy = filled(s.batch() * s.outputPerSample(), random, arena);
    }

    private static MemorySegment filled(long elements, Random random, Arena arena) {
        MemorySegment segment = arena.allocate(elements * Float.BYTES, 64);
        for (long i = 0; i < elements; i++) {
            segment.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return segment;
    }

    /** One product of the bilinear form: element {@code i} of x times {@code j} of w goes into {@code k} of y. */
    private interface Term {
        void at(int i, int j, int k);
    }

    private void forEachTerm(Term term) {
        var g = s.window();
        int perGroup = s.channels() / g.groups();
        int filtersPerGroup = s.filters() / g.groups();
        for (int b = 0; b < s.batch(); b++) {
            for (int oh = 0; oh < s.outHeight(); oh++) {
                for (int ow = 0; ow < s.outWidth(); ow++) {
                    for (int u = 0; u < s.kernelH(); u++) {
                        int h = oh * g.strideH() + u * g.dilationH() - g.padTop();
                        for (int v = 0; v < s.kernelW(); v++) {
                            int column = ow * g.strideW() + v * g.dilationW() - g.padLeft();
                            if (h < 0 || h >= s.height() || column < 0 || column >= s.width()) {
                                continue;
                            }
                            for (int o = 0; o < s.filters(); o++) {
                                for (int c = 0; c < perGroup; c++) {
                                    int channel = o / filtersPerGroup * perGroup + c;
                                    term.at(
                                            ((b * s.height() + h) * s.width() + column) * s.channels() + channel,
                                            ((u * s.kernelW() + v) * perGroup + c) * s.filters() + o,
                                            ((b * s.outHeight() + oh) * s.outWidth() + ow) * s.filters() + o);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    double worstError(ConvPlan.Direction direction, MemorySegment result) {
        int count = (int) (result.byteSize() / Float.BYTES);
        double[] sum = new double[count];
        double[] size = new double[count];
        int[] terms = new int[count];
        forEachTerm((i, j, k) -> {
            int at = switch (direction) {
                case FORWARD -> k;
                case BACKWARD_DATA -> i;
                case BACKWARD_WEIGHTS -> j;
            };
            double product = switch (direction) {
                case FORWARD -> get(x, i) * get(w, j);
                case BACKWARD_DATA -> get(dy, k) * get(w, j);
                case BACKWARD_WEIGHTS -> get(x, i) * get(dy, k);
            };
            sum[at] += product;
            size[at] += Math.abs(product);
            terms[at]++;
        });
        // gamma(n) |a| |b| for n terms in any order (Higham, 3.5); u = 2^-24. A hundredth on top for the loop in
        // double.
        double u = 0x1p-24;
        double worst = 0;
        for (int i = 0; i < count; i++) {
            double allowed = 1.01 * terms[i] * u / (1 - terms[i] * u) * size[i];
            double error = Math.abs(get(result, i) - sum[i]);
            if (!(error <= allowed)) {
                worst = Math.max(worst, allowed == 0 || Double.isNaN(error) ? Double.MAX_VALUE : error / allowed);
            }
        }
        return worst;
    }

    private static double get(MemorySegment segment, int i) {
        return segment.getAtIndex(JAVA_FLOAT, i);
    }

    /** Memory for a result of this direction, full of NaN. */
    MemorySegment result(ConvPlan.Direction direction, Arena arena) {
        MemorySegment like = switch (direction) {
            case FORWARD -> dy;
            case BACKWARD_DATA -> x;
            case BACKWARD_WEIGHTS -> w;
        };
        float[] nan = new float[(int) (like.byteSize() / Float.BYTES)];
        Arrays.fill(nan, Float.NaN);
        MemorySegment result = arena.allocate(like.byteSize(), 64);
        MemorySegment.copy(nan, 0, result, JAVA_FLOAT, 0, nan.length);
        return result;
    }

    void run(OneDnn oneDnn, ConvPlan.Direction direction, MemorySegment result) {
        switch (direction) {
            case FORWARD -> oneDnn.convolution(s, x, w, result);
            case BACKWARD_DATA -> oneDnn.convolutionBackwardInput(s, dy, w, result);
            case BACKWARD_WEIGHTS -> oneDnn.convolutionBackwardWeights(s, x, dy, result);
        }
    }
}
