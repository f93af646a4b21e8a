package dev.seiche.tensor.op;

import java.util.List;

/** {@code dx = dy y (1 - y)} for y = sigmoid x: what {@code mul(mul(dy, y), shift(neg(y), 1))} computes. */
public record SigmoidGrad() implements Binary, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("y", "dy");
    }
}
