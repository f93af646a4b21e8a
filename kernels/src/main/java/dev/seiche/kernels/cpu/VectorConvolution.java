package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Convolutions as matrix products. The patches that the window sees, one row of KH KW C numbers for each output position,
 * are laid out for a slab of positions at a time, in bounded memory; then y = patches w, dpatches = dy w^T, and
 * dw = patches^T dy. All operands contiguous. Slabs depend on sizes only.
 */
final class VectorConvolution {
    /** Bytes of patches at a time: they stay in the second-level cache until the product has read them. */
    private static final long SLAB_BYTES = 1L << 20;

    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 15;

    private final CpuMachine machine;
    private final Gemm gemm;

    VectorConvolution(CpuMachine machine, Gemm gemm) {
        this.machine = machine;
        this.gemm = gemm;
    }

    void forward(Conv2d op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), in.get(1).shape(), out.shape(), out.dtype());
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment w = CpuMachine.elements(in.get(1));
        MemorySegment y = CpuMachine.elements(out);
        if (s.patch() == 0) {
            y.fill((byte) 0);
            return;
        }
        eachSlab(s, (patches, start, count, group) -> {
            lay(s, x, patches, start, count, group);
            GemmShape shape = GemmShape.of(count, s.filtersPerGroup(), s.patch())
                    .withLeading(s.patch(), s.filters(), s.filters());
            gemm.run(s.dtype(), shape, patches, s.weights(w, group), s.outputs(y, start, group));
        });
    }

    void input(Conv2dInput op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(
                op.geometry(), out.shape(), in.get(1).shape(), in.get(0).shape(), out.dtype());
        MemorySegment dy = CpuMachine.elements(in.get(0));
        MemorySegment w = CpuMachine.elements(in.get(1));
        MemorySegment dx = CpuMachine.elements(out);
        dx.fill((byte) 0);
        if (s.filters() == 0 || s.positions() == 0) {
            return;
        }
        eachSlab(s, (patches, start, count, group) -> {
            GemmShape shape = GemmShape.of(count, s.patch(), s.filtersPerGroup(), false, true)
                    .withLeading(s.filters(), s.filters(), s.patch());
            gemm.run(s.dtype(), shape, s.outputs(dy, start, group), s.weights(w, group), patches);
            add(s, patches, dx, start, count, group);
        });
    }

    void weight(Conv2dWeight op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(
                op.geometry(), in.get(0).shape(), out.shape(), in.get(1).shape(), out.dtype());
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment dy = CpuMachine.elements(in.get(1));
        MemorySegment dw = CpuMachine.elements(out);
        dw.fill((byte) 0);
        if (s.positions() == 0) {
            return;
        }
        eachSlab(s, (patches, start, count, group) -> {
            lay(s, x, patches, start, count, group);
            GemmShape shape = GemmShape.of(s.patch(), s.filtersPerGroup(), count, true, false)
                    .withLeading(s.patch(), s.filters(), s.filters())
                    .accumulating();
            gemm.run(s.dtype(), shape, patches, s.outputs(dy, start, group), s.weights(dw, group));
        });
    }

    /** The sizes of one convolution x[B,H,W,C], w[KH,KW,C/groups,O], y[B,OH,OW,O]. */
    private record Sizes(ConvGeometry geometry, Shape x, Shape w, Shape y, DType dtype) {
        int positions() {
            return Math.toIntExact((long) y.dim(0) * y.dim(1) * y.dim(2));
        }

        /** Numbers that the window sees in one group. */
        int patch() {
            return w.dim(0) * w.dim(1) * w.dim(2);
        }

        int filters() {
            return w.dim(3);
        }

        int filtersPerGroup() {
            return w.dim(3) / geometry.groups();
        }

        int slab() {
            return Math.clamp(SLAB_BYTES / ((long) patch() * dtype.bytes()), 1, positions());
        }

        /** The columns of w that belong to a group. */
        MemorySegment weights(MemorySegment memory, int group) {
            return memory.asSlice((long) group * filtersPerGroup() * dtype.bytes());
        }

        /** y from an output position on, at the columns of a group. */
        MemorySegment outputs(MemorySegment memory, int position, int group) {
            return memory.asSlice(((long) position * filters() + (long) group * filtersPerGroup()) * dtype.bytes());
        }
    }

    private interface Slab {
        void run(MemorySegment patches, int start, int count, int group);
    }

    private void eachSlab(Sizes s, Slab slab) {
        int most = s.slab();
        machine.withMemory((long) most * s.patch() * s.dtype().bytes(), patches -> {
            for (int start = 0; start < s.positions(); start += most) {
                for (int group = 0; group < s.geometry().groups(); group++) {
                    slab.run(patches, start, Math.min(most, s.positions() - start), group);
                }
            }
        });
    }

    /** Does something with channels that lie side by side in the input and in the patches, or with taps in the padding. */
    private interface Run {
        /**
         * @param pixel first element in x, or -1 for padding
         * @param at first element in the patches
         */
        void visit(long pixel, long at, int elements);
    }

    private static void eachRun(Sizes s, int position, int row, int group, Run run) {
        ConvGeometry g = s.geometry();
        int j = position % s.y().dim(2);
        int i = position / s.y().dim(2) % s.y().dim(1);
        long b = position / s.y().dim(2) / s.y().dim(1);
        int height = s.x().dim(1);
        int width = s.x().dim(2);
        long channels = s.x().dim(3);
        int perGroup = s.w().dim(2);
        int taps = s.w().dim(1);
        // neighbouring taps lie side by side where nothing is left out between them
        int most = g.groups() == 1 && g.dilationW() == 1 ? taps : 1;
        long at = (long) row * s.patch();
        for (int u = 0; u < s.w().dim(0); u++) {
            int h = i * g.strideH() + u * g.dilationH() - g.padTop();
            for (int v = 0; v < taps; ) {
                int l = j * g.strideW() + v * g.dilationW() - g.padLeft();
                boolean inside = h >= 0 && h < height && l >= 0 && l < width;
                int alike = taps - v; // taps from here on that are all inside, or all outside
                if (inside) {
                    alike = Math.min(alike, width - l);
                } else if (l < 0 && h >= 0 && h < height) {
                    alike = Math.min(alike, -l);
                }
                int count = Math.min(most, alike);
                long pixel = ((b * height + h) * width + l) * channels + (long) group * perGroup;
                run.visit(inside ? pixel : -1, at, count * perGroup);
                at += (long) count * perGroup;
                v += count;
            }
        }
    }

    private void lay(Sizes s, MemorySegment x, MemorySegment patches, int start, int count, int group) {
        long bytes = s.dtype().bytes();
        VectorReductions.share(machine.pool(), count, s.patch(), CHUNK, row -> {
            eachRun(s, start + (int) row, (int) row, group, (pixel, at, elements) -> {
                if (pixel < 0) {
                    patches.asSlice(at * bytes, elements * bytes).fill((byte) 0);
                } else {
                    MemorySegment.copy(x, pixel * bytes, patches, at * bytes, elements * bytes);
                }
            });
        });
    }

    /** Adds patches to the pixels they came from; threads share images, so that each pixel is summed in order. */
    private void add(Sizes s, MemorySegment patches, MemorySegment dx, int start, int count, int group) {
        Lanes lanes = machine.lanes(s.dtype());
        long bytes = s.dtype().bytes();
        int perImage = s.y().dim(1) * s.y().dim(2);
        int first = start / perImage;
        int images = (start + count - 1) / perImage - first + 1;
        VectorReductions.share(machine.pool(), images, (long) count * s.patch() / images, CHUNK, i -> {
            int from = Math.max(start, (int) (first + i) * perImage);
            int to = Math.min(start + count, (int) (first + i + 1) * perImage);
            for (int position = from; position < to; position++) {
                eachRun(s, position, position - start, group, (pixel, at, elements) -> {
                    if (pixel >= 0) {
                        lanes.add(patches.asSlice(at * bytes), dx.asSlice(pixel * bytes), elements);
                    }
                });
            }
        });
    }
}
