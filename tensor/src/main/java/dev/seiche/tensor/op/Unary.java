package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** An elementwise op of one floating operand: {@code y[i] = f(x[i])}, same type. */
public interface Unary extends Op {
    @Override
    default List<String> inputNames() {
        return List.of("x");
    }

    @Override
    default TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        return in.get(0).type();
    }
}
