package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.List;

/** How a 2-d pooling window moves: its size, stride and padding. Sizes in elements; padding is below the window size. */
public record PoolGeometry(
        int kernelH, int kernelW, int strideH, int strideW, int padTop, int padBottom, int padLeft, int padRight) {
    public PoolGeometry {
        if (kernelH < 1 || kernelW < 1 || strideH < 1 || strideW < 1) {
            throw new IllegalArgumentException("pooling: window and stride must be at least 1");
        }
        if (Math.min(Math.min(padTop, padBottom), Math.min(padLeft, padRight)) < 0
                || Math.max(padTop, padBottom) >= kernelH
                || Math.max(padLeft, padRight) >= kernelW) {
            throw new IllegalArgumentException("pooling: padding must be at least 0 and below the window size");
        }
    }

    /** A square window with equal stride and padding. */
    public static PoolGeometry of(int kernel, int stride, int padding) {
        return new PoolGeometry(kernel, kernel, stride, stride, padding, padding, padding, padding);
    }

    public int outputH(int h) {
        return Math.floorDiv(h + padTop + padBottom - kernelH, strideH) + 1;
    }

    public int outputW(int w) {
        return Math.floorDiv(w + padLeft + padRight - kernelW, strideW) + 1;
    }

    Shape output(Op op, Shape x, List<? extends Value> in) {
        Check.that(x.rank() == 4, op, "x has rank " + x.rank() + ", must have rank 4 [B,H,W,C]", in);
        int oh = outputH(x.dim(1));
        int ow = outputW(x.dim(2));
        Check.that(
                oh >= 1 && ow >= 1,
                op,
                "the window " + kernelH + "x" + kernelW + " does not fit the padded input of " + x.dim(1) + "x"
                        + x.dim(2),
                in);
        return Shape.of(x.dim(0), oh, ow, x.dim(3));
    }
}
