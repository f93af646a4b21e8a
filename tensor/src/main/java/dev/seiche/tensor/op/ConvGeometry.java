package dev.seiche.tensor.op;

/**
 * How a 2-d convolution window moves: stride, zero padding on each side, dilation, groups. Sizes in elements.
 *
 * @param dilationH rows between neighbouring taps; 1 is dense
 */
public record ConvGeometry(
        int strideH,
        int strideW,
        int padTop,
        int padBottom,
        int padLeft,
        int padRight,
        int dilationH,
        int dilationW,
        int groups) {
    public ConvGeometry {
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || groups < 1) {
            throw new IllegalArgumentException("convolution: stride, dilation and groups must be at least 1");
        }
        if (padTop < 0 || padBottom < 0 || padLeft < 0 || padRight < 0) {
            throw new IllegalArgumentException("convolution: padding must not be negative");
        }
    }

    /** The same stride and padding on all sides, dense, one group. */
    public static ConvGeometry of(int stride, int padding) {
        return new ConvGeometry(stride, stride, padding, padding, padding, padding, 1, 1, 1);
    }

    public ConvGeometry withDilation(int dilation) {
        return new ConvGeometry(strideH, strideW, padTop, padBottom, padLeft, padRight, dilation, dilation, groups);
    }

    public ConvGeometry withGroups(int newGroups) {
        return new ConvGeometry(
                strideH, strideW, padTop, padBottom, padLeft, padRight, dilationH, dilationW, newGroups);
    }

    /** Output rows for {@code h} input rows and a kernel of {@code kh} taps; below 1 where the window does not fit. */
    public int outputH(int h, int kh) {
        return Math.floorDiv(h + padTop + padBottom - dilationH * (kh - 1) - 1, strideH) + 1;
    }

    /** Output columns for {@code w} input columns and a kernel of {@code kw} taps. */
    public int outputW(int w, int kw) {
        return Math.floorDiv(w + padLeft + padRight - dilationW * (kw - 1) - 1, strideW) + 1;
    }
}
