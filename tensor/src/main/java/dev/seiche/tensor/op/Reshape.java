package dev.seiche.tensor.op;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same elements in row-major order under another shape of equal size. A view where x is contiguous. */
public record Reshape(Shape to) implements ViewOp {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        long size = in.get(0).shape().size();
        Check.that(size == to.size(), this, size + " elements do not fill shape " + to + " of " + to.size(), in);
        return in.get(0).type().withShape(to);
    }

    @Override
    public @Nullable Layout view(Layout input) {
        return input.reshape(to);
    }
}
