package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.PoolGeometry;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Pooling by runs of equal windows over NHWC, with vectors along the channels. All operands contiguous. */
final class VectorPooling {
    /** Elements of windows that are worth another thread. */
    private static final int CHUNK = 1 << 15;

    private final CpuMachine machine;
    private final PoolLoops f32 = new F32PoolLoops();
    private final PoolLoops f64 = new F64PoolLoops();

    VectorPooling(CpuMachine machine) {
        this.machine = machine;
    }

    private PoolLoops loops(Tensor out) {
        return out.dtype() == DType.F32 ? f32 : f64;
    }

    /** Sizes of x[B,H,W,C] and y[B,OH,OW,C]. */
    private record Sizes(PoolGeometry geometry, Shape x, Shape y, DType dtype) {
        int channels() {
            return x.dim(3);
        }

        /** Elements of the windows of one row of outputs. */
        long rowWork() {
            return (long) y.dim(2) * channels() * geometry.kernelH() * geometry.kernelW();
        }

        /** Memory of y's shape from this output on. */
        MemorySegment output(MemorySegment memory, long number) {
            return memory.asSlice(number * channels() * dtype.bytes());
        }

        /** Memory of x's shape from the first pixel of this window on. */
        MemorySegment pixels(MemorySegment memory, long b, PoolWindow window) {
            long pixel = (b * x.dim(1) + window.top()) * x.dim(2) + window.left();
            return memory.asSlice(pixel * channels() * dtype.bytes());
        }

        PoolRun run(PoolWindow window, int windows) {
            int columns = window.right() - window.left();
            return new PoolRun(
                    windows,
                    (long) geometry.strideW() * channels(),
                    window.bottom() - window.top(),
                    columns,
                    (long) x.dim(2) * channels(),
                    channels());
        }

        /** How many windows from output (i, j) on lie inside the input's columns, at least 1. */
        int alike(PoolWindow window, int j) {
            if (window.right() - window.left() < geometry.kernelW()) {
                return 1;
            }
            int last = (x.dim(2) + geometry.padLeft() - geometry.kernelW()) / geometry.strideW();
            return Math.max(1, Math.min(last, y.dim(2) - 1) - j + 1);
        }
    }

    private interface PerRun {
        /**
         * @param window the first one of the run
         * @param output number of its output pixel
         */
        void visit(long b, long output, PoolWindow window, PoolRun run);
    }

    void max(MaxPool2d op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        PoolLoops loops = loops(out);
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment y = CpuMachine.elements(out);
        shareRows(s, (b, output, window, run) -> loops.max(run, s.pixels(x, b, window), s.output(y, output)));
    }

    void average(AvgPool2d op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        PoolLoops loops = loops(out);
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment y = CpuMachine.elements(out);
        shareRows(s, (b, output, window, run) -> {
            double divisor = window.divisor(s.geometry(), op.countPadding());
            loops.mean(run, s.pixels(x, b, window), divisor, s.output(y, output));
        });
    }

    void averageInput(AvgPool2dInput op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), out.shape(), in.get(0).shape(), out.dtype());
        PoolLoops loops = loops(out);
        MemorySegment dy = CpuMachine.elements(in.get(0));
        MemorySegment dx = CpuMachine.elements(out);
        shareImages(s, dx, (b, output, window, run) -> {
            double divisor = window.divisor(s.geometry(), op.countPadding());
            loops.addShares(run, s.output(dy, output), divisor, s.pixels(dx, b, window));
        });
    }

    void maxGather(MaxPool2dGather op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        PoolLoops loops = loops(out);
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment t = CpuMachine.elements(in.get(1));
        MemorySegment y = CpuMachine.elements(out);
        shareRows(
                s,
                (b, output, window, run) ->
                        loops.takeWinners(run, s.pixels(x, b, window), s.pixels(t, b, window), s.output(y, output)));
    }

    void maxScatter(MaxPool2dScatter op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), in.get(1).shape(), out.dtype());
        PoolLoops loops = loops(out);
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment dy = CpuMachine.elements(in.get(1));
        MemorySegment dx = CpuMachine.elements(out);
        shareImages(
                s,
                dx,
                (b, output, window, run) ->
                        loops.addToWinners(run, s.pixels(x, b, window), s.output(dy, output), s.pixels(dx, b, window)));
    }

    /** Threads share rows of outputs. */
    private void shareRows(Sizes s, PerRun each) {
        int rows = s.y().dim(1);
        VectorReductions.share(
                machine.pool(),
                (long) s.y().dim(0) * rows,
                s.rowWork(),
                CHUNK,
                i -> row(s, i / rows, (int) (i % rows), each));
    }

    /** Threads share images, because windows overlap within one only; each image of {@code dx} is zero at first. */
    private void shareImages(Sizes s, MemorySegment dx, PerRun each) {
        long imageBytes = s.x().size() / s.x().dim(0) * s.dtype().bytes();
        VectorReductions.share(machine.pool(), s.y().dim(0), s.rowWork() * s.y().dim(1), CHUNK, b -> {
            dx.asSlice(b * imageBytes, imageBytes).fill((byte) 0);
            for (int i = 0; i < s.y().dim(1); i++) {
                row(s, b, i, each);
            }
        });
    }

    private static void row(Sizes s, long b, int i, PerRun each) {
        long output = (b * s.y().dim(1) + i) * s.y().dim(2);
        int windows;
        for (int j = 0; j < s.y().dim(2); j += windows) {
            PoolWindow window = PoolWindow.at(s.geometry(), i, j, s.x().dim(1), s.x().dim(2));
            windows = s.alike(window, j);
            each.visit(b, output + j, window, s.run(window, windows));
        }
    }
}
