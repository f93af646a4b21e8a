package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y[..., N] = sum over K of x[..., K] w[K, N] + bias[N]}: a matmul with its bias, the layer that per-sample
 * gradient factors are read from. Leading axes of x are positions; the bias may be left out. Equal to
 * {@link Matmul} and {@link Add} up to rounding.
 */
public record Linear() implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "w", "bias");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.that(
                in.size() == 2 || in.size() == 3,
                this,
                "takes x, w and perhaps a bias, got " + in.size() + " inputs",
                in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape x = in.get(0).shape();
        Shape w = in.get(1).shape();
        Check.rank(this, "w", in.get(1), 2, in);
        Check.that(x.rank() >= 1, this, "x needs rank 1 or more", in);
        Check.that(
                x.dim(-1) == w.dim(0),
                this,
                "inner sizes differ: x.dim(" + (x.rank() - 1) + ")=" + x.dim(-1) + ", w.dim(0)=" + w.dim(0),
                in);
        if (in.size() == 3) {
            Shape expected = Shape.of(w.dim(1));
            Check.that(in.get(2).shape().equals(expected), this, "bias must be " + expected, in);
        }
        return in.get(0).type().withShape(x.with(-1, w.dim(1)));
    }
}
