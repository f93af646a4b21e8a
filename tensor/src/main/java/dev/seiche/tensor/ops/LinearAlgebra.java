package dev.seiche.tensor.ops;

import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.util.List;

/** Matrix products. */
public interface LinearAlgebra<T extends Value> extends Applies<T> {
    /** {@code a b} over the last two axes; leading axes broadcast. */
    default T matmul(T a, T b) {
        return matmul(a, b, false, false);
    }

    /** {@code op(a) op(b)} over the last two axes, each transposed or not; leading axes broadcast. */
    default T matmul(T a, T b, boolean transposeA, boolean transposeB) {
        return apply(new Matmul(transposeA, transposeB), List.of(a, b));
    }

    /** {@code x w} with w[in, out]; leading axes of x are positions. */
    default T linear(T x, T w) {
        return apply(new Linear(), List.of(x, w));
    }

    /** {@code x w + bias} with w[in, out] and bias[out]. */
    default T linear(T x, T w, T bias) {
        return apply(new Linear(), List.of(x, w, bias));
    }
}
