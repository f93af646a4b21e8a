package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.seiche.kernels.cpu.WorkerPool;
import dev.seiche.tensor.op.ConvGeometry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A convolution backward in its weights with few channels, as in a network's first layer: each sample's patches are
 * written out as a matrix [OH OW, KH KW C], which is small, and multiplied with its dy [OH OW, O]. The batch is cut into
 * parts, each with a gradient of its own, added in order at the end. oneDNN's convolutions would leave most lanes of a
 * vector of channels empty: 3 to 64 channels, 3x3 at 32x32, B = 64, on one thread of an AMD EPYC 9005: 3.2 ms, against
 * 5.0 ms, once the JVM has compiled it; the product alone takes 1.7. In {@code bench/run}, whose JVM is seconds old, the gain
 * shows with two threads only.
 */
final class PatchPlan extends ConvPlan {
    /** With more channels oneDNN's vectors are full enough. */
    private static final int MOST_CHANNELS = 4;

    /** With fewer filters the product has too few columns. */
    private static final int FEWEST_FILTERS = 16;

    /** Larger matrices of patches would leave the second level cache. */
    private static final long MOST_PATCH_BYTES = 1 << 19;

    private static final int MOST_PARTS = 16;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long FLOPS_PER_PART = 8_000_000;

    private final Dnnl dnnl;
    private final WorkerPool pool;
    private final ConvShape shape;
    private final int parts;

    /** Rows of y whose patches are written at once. */
    private final int rowsAtOnce;

    /** Elements of one patch. */
    private final int patch;

    private final Buffers patches;

    /** Gradients of parts after the first. */
    private final Buffers partials;

    PatchPlan(Dnnl dnnl, WorkerPool pool, ConvShape shape) {
        this.dnnl = dnnl;
        this.pool = pool;
        this.shape = shape;
        this.parts = WorkerPool.chunks(shape.flops(), FLOPS_PER_PART, Math.min(shape.batch(), MOST_PARTS));
        this.patch = shape.kernelH() * shape.kernelW() * shape.channels();
        long rowBytes = (long) shape.outWidth() * patch * Float.BYTES;
        this.rowsAtOnce = Math.clamp(MOST_PATCH_BYTES / rowBytes, 1, shape.outHeight());
        this.patches = new Buffers(rowBytes * rowsAtOnce + SPECIES.vectorByteSize());
        this.partials = new Buffers(shape.weights() * Float.BYTES);
    }

    /** True for the shapes that this is for. */
    static boolean suits(Direction direction, ConvShape shape) {
        return direction == Direction.BACKWARD_WEIGHTS
                && shape.window().groups() == 1
                && shape.channels() <= MOST_CHANNELS
                && shape.filters() >= FEWEST_FILTERS
                && shape.kernelH() * shape.kernelW() > 1;
    }

    @Override
    void run(MemorySegment x, MemorySegment dw, MemorySegment dy) {
        List<MemorySegment> sums = new ArrayList<>(parts);
        sums.add(dw);
        for (int part = 1; part < parts; part++) {
            sums.add(partials.borrow());
        }
        try {
            pool.run(parts, part -> part(part, x, sums.get(part), dy));
            Sums.addInOrder(pool, sums, shape.weights());
        } finally {
            sums.subList(1, parts).forEach(partials::giveBack);
        }
    }

    private void part(int part, MemorySegment x, MemorySegment sum, MemorySegment dy) {
        sum.asSlice(0, shape.weights() * Float.BYTES).fill((byte) 0);
        MemorySegment columns = patches.borrow();
        try {
            long end = WorkerPool.chunkStart(shape.batch(), parts, part + 1);
            for (long sample = WorkerPool.chunkStart(shape.batch(), parts, part); sample < end; sample++) {
                for (int row = 0; row < shape.outHeight(); row += rowsAtOnce) {
                    int rows = Math.min(rowsAtOnce, shape.outHeight() - row);
                    writePatches(x, sample, row, rows, columns);
                    long o = shape.filters();
                    long from = (sample * shape.outHeight() + row) * shape.outWidth() * o;
                    dnnl.sgemm(
                            shape,
                            true,
                            false,
                            patch,
                            o,
                            (long) rows * shape.outWidth(),
                            columns.address(),
                            patch,
                            dy.address() + from * Float.BYTES,
                            o,
                            1,
                            sum.address(),
                            o);
                }
            }
        } finally {
            patches.giveBack(columns);
        }
    }

    /** What each output position of these rows of y reads of x, padding as zeros. */
    private void writePatches(MemorySegment x, long sample, int firstRow, int rows, MemorySegment to) {
        ConvGeometry g = shape.window();
        int kernelW = shape.kernelW();
        long pixel = (long) shape.channels() * Float.BYTES;
        long at = 0;
        for (int oh = firstRow; oh < firstRow + rows; oh++) {
            for (int ow = 0; ow < shape.outWidth(); ow++) {
                int left = ow * g.strideW() - g.padLeft();
                boolean whole = g.dilationW() == 1 && left >= 0 && left + kernelW <= shape.width();
                for (int kh = 0; kh < shape.kernelH(); kh++) {
                    int ih = oh * g.strideH() - g.padTop() + kh * g.dilationH();
                    long row = (sample * shape.height() + ih) * shape.width();
                    if (ih < 0 || ih >= shape.height()) {
                        to.asSlice(at, kernelW * pixel).fill((byte) 0);
                    } else if (whole) {
                        copyRow(x, (row + left) * pixel, to, at, kernelW * pixel);
                    } else {
                        writeRow(x, row, left, to, at);
                    }
                    at += kernelW * pixel;
                }
            }
        }
    }

    /**
     * One row of a patch, some tens of bytes, for which a call would cost more than the copy. Writes whole vectors, so more
     * than it was asked for: rows are written in the order of their addresses, and the next ones put that right.
     */
    private static void copyRow(MemorySegment x, long from, MemorySegment to, long at, long bytes) {
        if (from + bytes + SPECIES.vectorByteSize() > x.byteSize()) {
            MemorySegment.copy(x, JAVA_BYTE, from, to, JAVA_BYTE, at, bytes);
            return;
        }
        for (long i = 0; i < bytes; i += SPECIES.vectorByteSize()) {
            FloatVector.fromMemorySegment(SPECIES, x, from + i, ORDER).intoMemorySegment(to, at + i, ORDER);
        }
    }

    /** One row of a patch that meets the sides of x, or is dilated. */
    private void writeRow(MemorySegment x, long row, int left, MemorySegment to, long at) {
        long pixel = (long) shape.channels() * Float.BYTES;
        for (int kw = 0; kw < shape.kernelW(); kw++) {
            int iw = left + kw * shape.window().dilationW();
            if (iw < 0 || iw >= shape.width()) {
                to.asSlice(at + kw * pixel, pixel).fill((byte) 0);
            } else {
                MemorySegment.copy(x, JAVA_BYTE, (row + iw) * pixel, to, JAVA_BYTE, at + kw * pixel, pixel);
            }
        }
    }

    @Override
    String implementation() {
        return "matrix product with patches";
    }

    @Override
    public void close() {
        patches.close();
        partials.close();
    }
}
