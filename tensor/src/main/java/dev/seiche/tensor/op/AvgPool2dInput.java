package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** The adjoint of {@link AvgPool2d}: dy[B,OH,OW,C] gives dx[B,inputH,inputW,C]. Linear. */
public record AvgPool2dInput(PoolGeometry geometry, boolean countPadding, int inputH, int inputW) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        Check.rank(this, "dy", in.get(0), 4, in);
        Shape dy = in.get(0).shape();
        Shape x = Shape.of(dy.dim(0), inputH, inputW, dy.dim(3));
        Shape expected = geometry.output(this, x, in);
        Check.that(dy.equals(expected), this, "dy must be " + expected, in);
        return in.get(0).type().withShape(x);
    }
}
