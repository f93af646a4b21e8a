package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * A CountSketch of each sample's gradient of a convolution's weight, and its squared norm: x[B,H,W,C], dy[B,OH,OW,O] and
 * places (i32, one for each element of the weight in row-major order) give [B, size + 1]. Element c is added to bucket
 * {@code places[c] / 2} where places[c] is even, subtracted where it is odd; the last column is the squared norm. G_i is what
 * {@link Conv2dWeight} gives for sample i alone: {@link ScatterAdd} of it times signs. Places outside 0..2*size-1 are an
 * error at run time.
 */
public record SampleSketch(ConvGeometry geometry, int kernelH, int kernelW, int size) implements Op, FusedOp {
    public SampleSketch {
        if (size < 1) {
            throw new IllegalArgumentException("sketch: " + size + " buckets; give at least 1");
        }
    }

    @Override
    public List<String> inputNames() {
        return List.of("x", "dy", "places");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 3, in);
        Shape weight = SampleFactors.weight(this, geometry, kernelH, kernelW, in, 0);
        Check.ids(this, in.get(2), in);
        Shape expected = Shape.of(Math.toIntExact(weight.size()));
        Check.that(in.get(2).shape().equals(expected), this, "places must be " + expected, in);
        return in.get(0).type().withShape(Shape.of(in.get(0).shape().dim(0), size + 1));
    }
}
