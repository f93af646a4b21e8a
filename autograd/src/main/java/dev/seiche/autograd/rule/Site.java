package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Where a derivative is taken: an op, its inputs and its result.
 *
 * @param in all inputs, whether a derivative flows to them or not
 * @param y the op's result at these inputs
 */
public record Site<O extends Op>(O op, List<Value> in, Value y) {
    /** The first input; the only one of most ops. */
    public Value x() {
        return in.get(0);
    }

    /** Input {@code i}. */
    public Value in(int i) {
        return in.get(i);
    }

    /** Shape of the first input. */
    public Shape shape() {
        return x().shape();
    }
}
