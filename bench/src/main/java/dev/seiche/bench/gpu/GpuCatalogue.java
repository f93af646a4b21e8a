package dev.seiche.bench.gpu;

import dev.seiche.bench.gpu.GpuTask.Library;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.PoolGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Sum;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.Operand;
import java.util.ArrayList;
import java.util.List;

/**
 * What is timed on a GPU: products and convolutions beside NVIDIA's, work that memory bounds beside memory, and questions
 * about the gradients of samples, which nothing else answers.
 */
final class GpuCatalogue {
    private static final int KERNEL = 3;

    /** Operations that one result of a softmax takes: a difference, its exponential, a sum, a product, a comparison. */
    private static final int SOFTMAX = 5;

    private final int shrink;
    private final List<GpuTask> tasks = new ArrayList<>();

    private GpuCatalogue(int shrink) {
        this.shrink = shrink;
    }

    /**
     * All tasks.
     *
     * @param shrink what sizes are divided by, at least 1: for a device that is only there to check answers
     */
    static List<GpuTask> tasks(int shrink) {
        GpuCatalogue all = new GpuCatalogue(shrink);
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (int n : List.of(256, 1024, 4096)) {
                all.product(n, n, n, dtype, 0);
            }
        }
        all.product(128, 512, 784, DType.F32, 0);
        all.product(4096, 4096, 4096, DType.F32, 1);
        all.product(4096, 4096, 4096, DType.F32, 3);
        // the 3x3 convolutions of a ResNet-18 on images of 32x32
        for (int[] shape : new int[][] {{32, 3, 64}, {32, 64, 64}, {16, 128, 128}, {8, 256, 256}, {4, 512, 512}}) {
            all.convolutions(64, shape[0], shape[1], shape[2], DType.F32);
        }
        all.convolutions(64, 16, 128, 128, DType.F64);
        all.boundByMemory();
        all.samples(128, 16, 64);
        all.samples(64, 4, 512);
        return List.copyOf(all.tasks);
    }

    private int size(int full) {
        return Math.max(Math.min(full, 5), full / shrink);
    }

    private void product(int fullM, int fullN, int fullK, DType dtype, int tf32) {
        int m = size(fullM);
        int n = size(fullN);
        int k = size(fullK);
        String passes = tf32 == 0 ? "" : tf32 == 1 ? ", TF32" : ", TF32 in three passes";
        tasks.add(new GpuTask(
                "matmul %d x %d x %d %s%s".formatted(m, n, k, dtype, passes),
                work(new Matmul(false, false), unit(Shape.of(m, k)), unit(Shape.of(k, n))),
                dtype,
                Library.CUBLAS,
                tf32,
                2.0 * m * n * k,
                k));
    }

    private void convolutions(int fullBatch, int fullSize, int fullIn, int fullOut, DType dtype) {
        int batch = size(fullBatch);
        int size = size(fullSize);
        int in = size(fullIn);
        int out = size(fullOut);
        ConvGeometry g = ConvGeometry.of(1, 1);
        Operand x = unit(Shape.of(batch, size, size, in));
        Operand w = unit(Shape.of(KERNEL, KERNEL, in, out));
        Operand y = unit(Shape.of(batch, size, size, out));
        int taps = KERNEL * KERNEL;
        convolution("forward", work(new Conv2d(g), x, w), (long) taps * in, dtype);
        convolution("backward-data", work(new Conv2dInput(g, size, size), y, w), (long) taps * out, dtype);
        convolution(
                "backward-weights", work(new Conv2dWeight(g, KERNEL, KERNEL), x, y), (long) batch * size * size, dtype);
    }

    private void convolution(String pass, OpCase work, long terms, DType dtype) {
        Shape result = work.op()
                .infer(work.operands().stream()
                        .map(o -> new TensorType(dtype, o.shape()))
                        .toList())
                .shape();
        Shape first = work.operands().get(0).shape();
        Shape second = work.operands().get(1).shape();
        tasks.add(new GpuTask(
                "conv 3x3 %s by %s, %s %s".formatted(first, second, pass, dtype),
                work,
                dtype,
                Library.CUDNN,
                0,
                2.0 * result.size() * terms,
                terms));
    }

    private void boundByMemory() {
        int n = Math.max(1, (1 << 24) / shrink);
        int rows = size(16384);
        int columns = size(1024);
        int ids = size(65536);
        int images = size(64);
        int side = size(64);
        Shape vector = Shape.of(n);
        Shape table = Shape.of(rows, columns);
        Shape batch = Shape.of(images, side, side, side);
        PoolGeometry window = PoolGeometry.of(2, 2, 0);
        DType f32 = DType.F32;
        streaming("add 2 of %d".formatted(n), work(new Add(), unit(vector), unit(vector)), n, 1);
        streaming("exp of %d".formatted(n), work(new Exp(), unit(vector)), n, 1);
        streaming(
                "bernoulli of %d".formatted(n),
                work(new Bernoulli(Rng.seed(3), 0.9, new TensorType(f32, vector))),
                0,
                1);
        streaming("sum of rows of " + table, work(new Sum(List.of(1), false), unit(table)), table.size(), columns);
        streaming("sum of columns of " + table, work(new Sum(List.of(0), false), unit(table)), table.size(), rows);
        streaming("log_softmax of " + table, work(new LogSoftmax(1), unit(table)), SOFTMAX * table.size(), columns);
        streaming(
                "gather %d of %s".formatted(ids, table),
                work(new Gather(0), unit(table), Operand.ids(Shape.of(ids), rows)),
                0,
                1);
        streaming(
                "scatter_add %s to %d".formatted(table, columns),
                work(new ScatterAdd(0, columns), unit(table), Operand.ids(Shape.of(rows), columns)),
                table.size(),
                Math.ceilDiv(rows, columns));
        streaming("max_pool2d 2x2 of " + batch, work(new MaxPool2d(window), unit(batch)), batch.size(), 1);
        streaming("avg_pool2d 2x2 of " + batch, work(new AvgPool2d(window, false), unit(batch)), batch.size(), 4);
    }

    /** Questions about the gradients of all samples with respect to a 3x3 convolution's weight, in one pass each. */
    private void samples(int fullBatch, int fullSize, int fullChannels) {
        int batch = size(fullBatch);
        int side = size(fullSize);
        int channels = size(fullChannels);
        Shape map = Shape.of(batch, side, side, channels);
        ConvGeometry g = ConvGeometry.of(1, 1);
        int taps = KERNEL * KERNEL;
        long positions = (long) side * side;
        long weight = (long) taps * channels * channels;
        long formed = 2 * positions * weight;
        long terms = positions * weight;
        String of = "of conv 3x3 %s to %d".formatted(map, channels);
        streaming(
                "sample norms " + of,
                work(new SampleNorms(g, KERNEL, KERNEL, SampleProducts.GRADIENTS), unit(map), unit(map)),
                batch * (formed + 2 * weight),
                terms);
        long pairs = batch * (batch + 1L) / 2;
        long contracted = positions * positions * 2 * (taps + 1) * channels;
        streaming(
                "sample Gram matrix by patches " + of,
                work(new SampleGram(g, KERNEL, KERNEL, SampleProducts.PATCHES), unit(map), unit(map)),
                pairs * contracted,
                terms);
        long shifted = positions * positions * (4L * channels + taps);
        streaming(
                "sample Gram matrix by pixels " + of,
                work(new SampleGram(g, KERNEL, KERNEL, SampleProducts.PIXELS), unit(map), unit(map)),
                pairs * shifted,
                terms);
        streaming(
                "sample Gram matrix by coordinates " + of,
                work(new SampleGram(g, KERNEL, KERNEL, SampleProducts.GRADIENTS), unit(map), unit(map)),
                batch * formed + pairs * 2 * weight,
                terms);
        streaming(
                "sample moments " + of,
                work(new SampleMoments(g, KERNEL, KERNEL), unit(map), unit(map)),
                batch * (formed + 5 * weight),
                batch * positions);
        int buckets = size(1024);
        streaming(
                "sample sketch of %d ".formatted(buckets) + of,
                work(
                        new SampleSketch(g, KERNEL, KERNEL, buckets),
                        unit(map),
                        unit(map),
                        Operand.ids(Shape.of(Math.toIntExact(weight)), 2 * buckets)),
                batch * (formed + 3 * weight),
                terms);
    }

    private void streaming(String title, OpCase work, long flops, long terms) {
        tasks.add(new GpuTask(title + " f32", work, DType.F32, Library.NONE, 0, (double) flops, terms));
    }

    private static OpCase work(Op op, Operand... operands) {
        return new OpCase(op, List.of(operands), 1);
    }

    private static Operand unit(Shape shape) {
        return Operand.uniform(shape, -1, 1);
    }
}
