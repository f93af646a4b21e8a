package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The squared norm of each sample's gradient of a convolution's weight: x[B,H,W,C] and dy[B,OH,OW,O] give [B], the sum of the
 * squares of what {@link Conv2dWeight} gives for sample i alone. A linear layer with T positions is the 1x1 convolution of
 * x[B,T,1,d].
 */
public record SampleNorms(ConvGeometry geometry, int kernelH, int kernelW, SampleProducts by) implements Op, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("x", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        SampleFactors.weight(this, geometry, kernelH, kernelW, in, 0);
        SampleFactors.stride(this, by, geometry, in);
        return in.get(0).type().withShape(Shape.of(in.get(0).shape().dim(0)));
    }
}
