package dev.seiche.kernels.cpu.onednn;

import dev.seiche.tensor.op.ConvGeometry;
import java.lang.foreign.MemorySegment;

/**
 * The sizes of one 2-d convolution: x[B, H, W, C], w[KH, KW, C / groups, O] and y[B, OH, OW, O], all f32 and dense.
 *
 * @param batch B
 * @param height H
 * @param width W
 * @param channels C, over all groups
 * @param kernelH KH
 * @param kernelW KW
 * @param filters O, over all groups
 * @param window stride, padding, dilation and groups
 */
public record ConvShape(
        int batch, int height, int width, int channels, int kernelH, int kernelW, int filters, ConvGeometry window) {
    public ConvShape {
        if (batch < 0 || height < 0 || width < 0 || channels < 0 || kernelH < 1 || kernelW < 1 || filters < 0) {
            throw new IllegalArgumentException("convolution: sizes out of range: x[" + batch + ", " + height + ", "
                    + width + ", " + channels + "], w[" + kernelH + ", " + kernelW + ", ?, " + filters + "]");
        }
        if (channels % window.groups() != 0 || filters % window.groups() != 0) {
            throw new IllegalArgumentException("convolution: " + channels + " channels and " + filters
                    + " filters do not both divide into " + window.groups() + " groups");
        }
        if (window.outputH(height, kernelH) < 1 || window.outputW(width, kernelW) < 1) {
            throw new IllegalArgumentException("convolution: a kernel of " + kernelH + "x" + kernelW
                    + " does not fit into " + height + "x" + width + " with " + window);
        }
    }

    /** OH. */
    public int outHeight() {
        return window.outputH(height, kernelH);
    }

    /** OW. */
    public int outWidth() {
        return window.outputW(width, kernelW);
    }

    /** Elements of x for one sample. */
    long inputPerSample() {
        return (long) height * width * channels;
    }

    /** Elements of y for one sample. */
    long outputPerSample() {
        return (long) outHeight() * outWidth() * filters;
    }

    /** Elements of w. */
    long weights() {
        return (long) kernelH * kernelW * (channels / window.groups()) * filters;
    }

    /** Output positions of the whole batch: terms in the sum that gives one weight's gradient. */
    long positions() {
        return (long) batch * outHeight() * outWidth();
    }

    /** Floating-point operations of any of the three directions, those on padding included. */
    public long flops() {
        return 2 * positions() * weights();
    }

    /** Strides, dilations, and padding before and after, as oneDNN takes them. */
    long[][] windowSizes() {
        return new long[][] {
            {window.strideH(), window.strideW()},
            {window.dilationH() - 1, window.dilationW() - 1}, // oneDNN counts the elements left out
            {window.padTop(), window.padLeft()},
            {window.padBottom(), window.padRight()}
        };
    }

    /** True when some operand has no elements. */
    boolean empty() {
        return batch == 0 || channels == 0 || filters == 0;
    }

    ConvShape withBatch(int newBatch) {
        return new ConvShape(newBatch, height, width, channels, kernelH, kernelW, filters, window);
    }

    ConvShape withFilters(int newFilters) {
        return new ConvShape(batch, height, width, channels, kernelH, kernelW, newFilters, window);
    }

    /** Checks that three segments are off-heap, aligned and long enough. */
    void check(String name, MemorySegment x, MemorySegment w, MemorySegment y) {
        require(name, "x", x, batch * inputPerSample());
        require(name, "w", w, weights());
        require(name, "y", y, batch * outputPerSample());
    }

    private void require(String name, String operand, MemorySegment segment, long elements) {
        if (!segment.isNative() || segment.address() % Float.BYTES != 0) {
            throw new IllegalArgumentException(
                    name + ": " + operand + " must lie off the Java heap, aligned to 4 bytes\n  " + this);
        }
        if (segment.byteSize() < elements * Float.BYTES) {
            throw new IllegalArgumentException(name + ": " + operand + " is too short: it has " + segment.byteSize()
                    + " bytes and needs " + elements * Float.BYTES + "\n  " + this);
        }
    }

    @Override
    public String toString() {
        return "x[" + batch + ", " + height + ", " + width + ", " + channels + "] w[" + kernelH + ", " + kernelW + ", "
                + channels / window.groups() + ", " + filters + "] y[" + batch + ", " + outHeight() + ", " + outWidth()
                + ", " + filters + "], " + window;
    }
}
