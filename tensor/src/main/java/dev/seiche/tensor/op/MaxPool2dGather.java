package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * The JVP of {@link MaxPool2d}: from t, of x's shape, takes the elements where x has its window maxima. Linear in t; no
 * derivative flows to x.
 */
public record MaxPool2dGather(PoolGeometry geometry) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "t");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.that(in.get(0).shape().equals(in.get(1).shape()), this, "x and t must have one shape", in);
        return in.get(0).type().withShape(geometry.output(this, in.get(0).shape(), in));
    }
}
