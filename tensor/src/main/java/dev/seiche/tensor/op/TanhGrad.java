package dev.seiche.tensor.op;

import java.util.List;

/** {@code dx = dy (1 - y^2)} for y = tanh x: what {@code mul(dy, shift(neg(square(y)), 1))} computes. */
public record TanhGrad() implements Binary, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("y", "dy");
    }
}
