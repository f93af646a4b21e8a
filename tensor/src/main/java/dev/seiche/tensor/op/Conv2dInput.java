package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The adjoint of {@link Conv2d} in x: dy[B,OH,OW,O], w[KH,KW,C/groups,O] give dx[B,inputH,inputW,C]. Also known as
 * backward-data or transposed convolution. Bilinear.
 */
public record Conv2dInput(ConvGeometry geometry, int inputH, int inputW) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("dy", "w");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.rank(this, "dy", in.get(0), 4, in);
        Check.rank(this, "w", in.get(1), 4, in);
        Shape dy = in.get(0).shape();
        Shape w = in.get(1).shape();
        Shape x = Shape.of(dy.dim(0), inputH, inputW, w.dim(2) * geometry.groups());
        Shape expected = Conv2d.output(this, geometry, x, w, in);
        Check.that(dy.equals(expected), this, "dy must be " + expected + " for input " + x, in);
        return in.get(0).type().withShape(x);
    }
}
