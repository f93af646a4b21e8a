package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y[..., M, N] = sum over K of A[..., M, K] B[..., K, N]}, where A is a or its transpose in the last two axes,
 * and B likewise. Leading axes broadcast. f32 accumulates in f32. Bilinear.
 */
public record Matmul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("a", "b");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        Check.that(a.rank() >= 2 && b.rank() >= 2, this, "operands need rank 2 or more", in);
        int innerA = transposeA ? -2 : -1;
        int innerB = transposeB ? -1 : -2;
        if (a.dim(innerA) != b.dim(innerB)) {
            throw ShapeException.of(
                    this,
                    "inner sizes differ: a.dim(" + a.axis(innerA) + ")=" + a.dim(innerA) + ", b.dim(" + b.axis(innerB)
                            + ")=" + b.dim(innerB),
                    in);
        }
        Shape batch = Shape.broadcast(a.slice(0, a.rank() - 2), b.slice(0, b.rank() - 2));
        if (batch == null) {
            throw ShapeException.of(this, "leading axes do not broadcast", in);
        }
        Shape matrix = Shape.of(a.dim(transposeA ? -1 : -2), b.dim(transposeB ? -2 : -1));
        return in.get(0).type().withShape(batch.concat(matrix));
    }
}
