package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The adjoint of {@link Conv2d} in w: x[B,H,W,C], dy[B,OH,OW,O] give dw[kernelH,kernelW,C/groups,O], summed over the
 * batch. Also known as backward-weights. Bilinear.
 */
public record Conv2dWeight(ConvGeometry geometry, int kernelH, int kernelW) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.rank(this, "x", in.get(0), 4, in);
        Check.rank(this, "dy", in.get(1), 4, in);
        Shape x = in.get(0).shape();
        Shape dy = in.get(1).shape();
        Check.that(
                x.dim(3) % geometry.groups() == 0,
                this,
                x.dim(3) + " channels do not divide into " + geometry.groups() + " groups",
                in);
        Shape w = Shape.of(kernelH, kernelW, x.dim(3) / geometry.groups(), dy.dim(3));
        Shape expected = Conv2d.output(this, geometry, x, w, in);
        Check.that(dy.equals(expected), this, "dy must be " + expected, in);
        return in.get(0).type().withShape(w);
    }
}
