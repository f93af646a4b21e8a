package dev.seiche.tensor.op;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import java.util.List;

/** x stretched to a larger shape by repeating axes of size 1 and adding leading axes. A view with strides of 0. Linear. */
public record Expand(Shape to) implements ViewOp {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.that(in.get(0).shape().broadcastsTo(to), this, in.get(0).shape() + " does not broadcast to " + to, in);
        return in.get(0).type().withShape(to);
    }

    @Override
    public Layout view(Layout input) {
        return input.expand(to);
    }
}
