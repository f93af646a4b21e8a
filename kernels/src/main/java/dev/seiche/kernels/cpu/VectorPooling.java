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

/** Pooling window by window over NHWC, with vectors along the channels. All operands contiguous. */
final class VectorPooling {
    /** Elements of windows that are worth another thread. */
    private static final int CHUNK = 1 << 15;

    private final CpuMachine machine;

    VectorPooling(CpuMachine machine) {
        this.machine = machine;
    }

    /** Sizes of x[B,H,W,C] and y[B,OH,OW,C], and places in them counted in bytes. */
    private record Sizes(PoolGeometry geometry, Shape x, Shape y, DType dtype) {
        int channels() {
            return x.dim(3);
        }

        long pixelBytes() {
            return (long) channels() * dtype.bytes();
        }

        /** Elements of the windows of one row of outputs. */
        long rowWork() {
            return (long) y.dim(2) * channels() * geometry.kernelH() * geometry.kernelW();
        }

        MemorySegment output(MemorySegment memory, long number) {
            return memory.asSlice(number * pixelBytes(), pixelBytes());
        }

        MemorySegment pixel(MemorySegment memory, long b, int h, int l) {
            return memory.asSlice(((b * x.dim(1) + h) * x.dim(2) + l) * pixelBytes(), pixelBytes());
        }
    }

    private interface PerWindow {
        /** @param output number of the output pixel */
        void visit(long b, long output, PoolWindow window);
    }

    private interface PerPixel {
        void visit(int h, int l);
    }

    void max(MaxPool2d op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        Lanes lanes = machine.lanes(s.dtype());
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment ys = CpuMachine.elements(out);
        shareRows(s, (b, output, window) -> {
            MemorySegment y = s.output(ys, output);
            Casts.fill(s.dtype(), y, Double.NEGATIVE_INFINITY);
            eachPixel(window, (h, l) -> lanes.max(s.pixel(x, b, h, l), y, s.channels()));
        });
    }

    void average(AvgPool2d op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        Lanes lanes = machine.lanes(s.dtype());
        MemorySegment x = CpuMachine.elements(in.get(0));
        MemorySegment ys = CpuMachine.elements(out);
        shareRows(s, (b, output, window) -> {
            MemorySegment y = s.output(ys, output);
            y.fill((byte) 0);
            eachPixel(window, (h, l) -> lanes.add(s.pixel(x, b, h, l), y, s.channels()));
            lanes.divide(y, window.divisor(s.geometry(), op.countPadding()), y, s.channels());
        });
    }

    void averageInput(AvgPool2dInput op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), out.shape(), in.get(0).shape(), out.dtype());
        Lanes lanes = machine.lanes(s.dtype());
        MemorySegment dy = CpuMachine.elements(in.get(0));
        MemorySegment dx = CpuMachine.elements(out);
        dx.fill((byte) 0);
        machine.withMemory(
                s.y().dim(0) * s.pixelBytes(),
                shares -> shareImages(s, (b, output, window) -> {
                    MemorySegment share = s.output(shares, b);
                    lanes.divide(
                            s.output(dy, output), window.divisor(s.geometry(), op.countPadding()), share, s.channels());
                    eachPixel(window, (h, l) -> lanes.add(share, s.pixel(dx, b, h, l), s.channels()));
                }));
    }

    void maxGather(MaxPool2dGather op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), out.shape(), out.dtype());
        Lanes lanes = machine.lanes(s.dtype());
        MemorySegment t = CpuMachine.elements(in.get(1));
        MemorySegment ys = CpuMachine.elements(out);
        eachWinner(s, CpuMachine.elements(in.get(0)), (b, output, window, winner) -> {
            MemorySegment y = s.output(ys, output);
            y.fill((byte) 0);
            eachPixel(
                    window, (h, l) -> lanes.takeWon(winner, window.number(h, l), s.pixel(t, b, h, l), y, s.channels()));
        });
    }

    void maxScatter(MaxPool2dScatter op, List<Tensor> in, Tensor out) {
        Sizes s = new Sizes(op.geometry(), in.get(0).shape(), in.get(1).shape(), out.dtype());
        Lanes lanes = machine.lanes(s.dtype());
        MemorySegment dys = CpuMachine.elements(in.get(1));
        MemorySegment dx = CpuMachine.elements(out);
        dx.fill((byte) 0);
        eachWinner(s, CpuMachine.elements(in.get(0)), (b, output, window, winner) -> {
            MemorySegment dy = s.output(dys, output);
            eachPixel(
                    window,
                    (h, l) -> lanes.addWon(winner, window.number(h, l), dy, s.pixel(dx, b, h, l), s.channels()));
        });
    }

    private interface PerWinner {
        /** @param winner for each channel, the number within the window of the pixel that has the maximum */
        void visit(long b, long output, PoolWindow window, MemorySegment winner);
    }

    private void eachWinner(Sizes s, MemorySegment x, PerWinner each) {
        Lanes lanes = machine.lanes(s.dtype());
        machine.withMemory(
                2L * s.y().dim(0) * s.pixelBytes(),
                memory -> shareImages(s, (b, output, window) -> {
                    MemorySegment top = s.output(memory, 2 * b);
                    MemorySegment winner = s.output(memory, 2 * b + 1);
                    Casts.fill(s.dtype(), top, Double.NEGATIVE_INFINITY);
                    winner.fill((byte) 0); // the first pixel, where all are -infinity
                    eachPixel(
                            window,
                            (h, l) -> lanes.challenge(
                                    s.pixel(x, b, h, l), window.number(h, l), top, winner, s.channels()));
                    each.visit(b, output, window, winner);
                }));
    }

    private static void eachPixel(PoolWindow window, PerPixel pixel) {
        for (int h = window.top(); h < window.bottom(); h++) {
            for (int l = window.left(); l < window.right(); l++) {
                pixel.visit(h, l);
            }
        }
    }

    /** Threads share rows of outputs. */
    private void shareRows(Sizes s, PerWindow each) {
        int rows = s.y().dim(1);
        VectorReductions.share(
                machine.pool(),
                (long) s.y().dim(0) * rows,
                s.rowWork(),
                CHUNK,
                i -> row(s, i / rows, (int) (i % rows), each));
    }

    /** Threads share images: windows overlap within one only. */
    private void shareImages(Sizes s, PerWindow each) {
        VectorReductions.share(machine.pool(), s.y().dim(0), s.rowWork() * s.y().dim(1), CHUNK, b -> {
            for (int i = 0; i < s.y().dim(1); i++) {
                row(s, b, i, each);
            }
        });
    }

    private static void row(Sizes s, long b, int i, PerWindow each) {
        long output = (b * s.y().dim(1) + i) * s.y().dim(2);
        for (int j = 0; j < s.y().dim(2); j++) {
            each.visit(b, output + j, PoolWindow.at(s.geometry(), i, j, s.x().dim(1), s.x().dim(2)));
        }
    }
}
