package dev.seiche.tensor.op;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import java.util.List;

/** {@code y = x} for values, a constant for derivatives. A view. */
public record StopGradient() implements ViewOp {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        return in.get(0).type();
    }

    @Override
    public Layout view(Layout input) {
        return input;
    }
}
