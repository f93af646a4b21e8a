package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Largest element of each window, NHWC; padding never wins. Of equal elements the first in row-major order counts, and
 * it alone gets the derivative. NaN wins over every number.
 */
public record MaxPool2d(PoolGeometry geometry) implements Op {
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
