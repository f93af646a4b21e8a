package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * An elementwise op of two floating operands of one dtype, {@code y[i] = f(a[i], b[i])}, under broadcasting: shapes are
 * aligned at the last axis and sizes of 1 are stretched.
 */
public interface Binary extends Op {
    @Override
    default List<String> inputNames() {
        return List.of("a", "b");
    }

    @Override
    default TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape shape = Shape.broadcast(in.get(0).shape(), in.get(1).shape());
        if (shape == null) {
            throw ShapeException.of(
                    this,
                    "shapes do not broadcast: " + in.get(0).shape() + " and "
                            + in.get(1).shape(),
                    in);
        }
        return in.get(0).type().withShape(shape);
    }
}
