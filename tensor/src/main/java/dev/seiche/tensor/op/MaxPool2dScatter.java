package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The VJP of {@link MaxPool2d}: adds dy[B,OH,OW,C] into zeros of x's shape where x has its window maxima. Linear in dy;
 * no derivative flows to x. Its adjoint is {@link MaxPool2dGather}.
 */
public record MaxPool2dScatter(PoolGeometry geometry) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape expected = geometry.output(this, in.get(0).shape(), in);
        Check.that(in.get(1).shape().equals(expected), this, "dy must be " + expected, in);
        return in.get(0).type();
    }
}
