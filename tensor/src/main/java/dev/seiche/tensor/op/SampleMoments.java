package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Sums over samples of the gradients of a convolution's weight, element by element, from one reading of each: x[B,H,W,C],
 * dy[B,OH,OW,O] and a centre c[KH,KW,C/groups,O], zero where it is left out, give [3,KH,KW,C/groups,O]: the sums of {@code G_i -
 * c}, of {@code (G_i - c)^2} and of the sign of G_i, which is 0 at 0. G_i is what {@link Conv2dWeight} gives for sample i
 * alone. A centre near the mean keeps the squares from cancelling.
 */
public record SampleMoments(ConvGeometry geometry, int kernelH, int kernelW) implements Op, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("x", "dy", "centre");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.that(in.size() == 2 || in.size() == 3, this, "takes x, dy and perhaps a centre, got " + in.size(), in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape weight = SampleFactors.weight(this, geometry, kernelH, kernelW, in, 0);
        if (in.size() == 3) {
            Check.that(in.get(2).shape().equals(weight), this, "centre must be " + weight, in);
        }
        return in.get(0).type().withShape(Shape.of(3).concat(weight));
    }
}
