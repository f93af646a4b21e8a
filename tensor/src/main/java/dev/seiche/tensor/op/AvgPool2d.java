package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Mean of each window, NHWC.
 *
 * @param countPadding true divides by the window size, false by the number of elements inside the input. Linear.
 */
public record AvgPool2d(PoolGeometry geometry, boolean countPadding) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        return in.get(0).type().withShape(geometry.output(this, in.get(0).shape(), in));
    }
}
