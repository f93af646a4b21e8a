package dev.seiche.tensor.ops;

import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.List;

/** 2-d convolution and pooling over NHWC. */
public interface Convolution<T extends Value> extends Reductions<T> {
    /** Convolution of x[B,H,W,C] with w[KH,KW,C/groups,O]. */
    default T conv2d(T x, T w, ConvGeometry geometry) {
        return apply(new Conv2d(geometry), List.of(x, w));
    }

    /** Largest element of each window. */
    default T maxPool2d(T x, PoolGeometry geometry) {
        return apply(new MaxPool2d(geometry), List.of(x));
    }

    /** Mean of each window; padding counts as zeros when {@code countPadding}. */
    default T avgPool2d(T x, PoolGeometry geometry, boolean countPadding) {
        return apply(new AvgPool2d(geometry, countPadding), List.of(x));
    }

    /** Mean over height and width: [B,H,W,C] to [B,C]. */
    default T globalAvgPool2d(T x) {
        return mean(x, 1, 2);
    }

    /** Maximum over height and width: [B,H,W,C] to [B,C]. */
    default T globalMaxPool2d(T x) {
        return max(x, 1, 2);
    }
}
