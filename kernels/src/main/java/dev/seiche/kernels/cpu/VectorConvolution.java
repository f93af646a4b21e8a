package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
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
        Patches s = new Patches(op.geometry(), in.get(0).shape(), in.get(1).shape(), out.shape(), out.dtype());
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
        Patches s = new Patches(
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
        Patches s = new Patches(
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

    private static int slab(Patches s) {
        return Math.clamp(SLAB_BYTES / ((long) s.patch() * s.dtype().bytes()), 1, s.positions());
    }

    private interface Slab {
        void run(MemorySegment patches, int start, int count, int group);
    }

    private void eachSlab(Patches s, Slab slab) {
        int most = slab(s);
        machine.withMemory((long) most * s.patch() * s.dtype().bytes(), patches -> {
            for (int start = 0; start < s.positions(); start += most) {
                for (int group = 0; group < s.geometry().groups(); group++) {
                    slab.run(patches, start, Math.min(most, s.positions() - start), group);
                }
            }
        });
    }

    private void lay(Patches s, MemorySegment x, MemorySegment patches, int start, int count, int group) {
        long bytes = s.dtype().bytes();
        VectorReductions.share(
                machine.pool(),
                count,
                s.patch(),
                CHUNK,
                row -> s.lay(x, start + (int) row, group, 0, s.patch(), patches.asSlice(row * s.patch() * bytes)));
    }

    /** Adds patches to the pixels they came from; threads share images, so that each pixel is summed in order. */
    private void add(Patches s, MemorySegment patches, MemorySegment dx, int start, int count, int group) {
        Lanes lanes = machine.lanes(s.dtype());
        long bytes = s.dtype().bytes();
        int perImage = s.y().dim(1) * s.y().dim(2);
        int first = start / perImage;
        int images = (start + count - 1) / perImage - first + 1;
        VectorReductions.share(machine.pool(), images, (long) count * s.patch() / images, CHUNK, i -> {
            int from = Math.max(start, (int) (first + i) * perImage);
            int to = Math.min(start + count, (int) (first + i + 1) * perImage);
            for (int position = from; position < to; position++) {
                long row = (long) (position - start) * s.patch();
                s.eachRun(position, group, 0, s.patch(), (pixel, at, elements) -> {
                    if (pixel >= 0) {
                        lanes.add(patches.asSlice((row + at) * bytes), dx.asSlice(pixel * bytes), elements);
                    }
                });
            }
        });
    }
}
