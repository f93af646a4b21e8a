package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Inner products of samples' gradients of a convolution's weight, with G_i what {@link Conv2dWeight} gives for sample i alone:
 *
 * <ul>
 *   <li>x[B,H,W,C], dy[B,OH,OW,O] give [B, B], {@code <G_i, G_j>}, the same bits on both sides of the diagonal;
 *   <li>with another batch's x2, dy2 they give [B, B2];
 *   <li>with directions v[V,KH,KW,C/groups,O] they give [B, V], {@code <G_i, v_k>}, from {@link SampleProducts#GRADIENTS} only.
 * </ul>
 *
 * <p>Equals {@link Matmul} of the gradients as rows, up to rounding. A linear layer with T positions is the 1x1 convolution
 * of x[B,T,1,d].
 */
public record SampleGram(ConvGeometry geometry, int kernelH, int kernelW, SampleProducts by) implements Op, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("x", "dy", "x2", "dy2");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.that(
                in.size() >= 2 && in.size() <= 4,
                this,
                "takes x, dy and perhaps another batch's or directions, got " + in.size() + " inputs",
                in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape weight = SampleFactors.weight(this, geometry, kernelH, kernelW, in, 0);
        SampleFactors.stride(this, by, geometry, in);
        if (in.size() == 4) {
            Shape other = SampleFactors.weight(this, geometry, kernelH, kernelW, in, 2);
            Check.that(other.equals(weight), this, "weights differ: " + weight + " and " + other, in);
        } else if (in.size() == 3) {
            Shape v = in.get(2).shape();
            boolean fits = v.rank() == 5 && v.slice(1, 5).equals(weight);
            Check.that(fits, this, "directions must be [V] and " + weight + ", got " + v, in);
            Check.that(by == SampleProducts.GRADIENTS, this, "directions meet gradients only", in);
        }
        int rows = in.get(0).shape().dim(0);
        int columns = in.size() == 2 ? rows : in.get(2).shape().dim(0);
        return in.get(0).type().withShape(Shape.of(rows, columns));
    }
}
