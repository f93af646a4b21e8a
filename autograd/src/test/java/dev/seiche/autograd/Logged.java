package dev.seiche.autograd;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Shapes only, with the names of the ops it was asked to apply. */
final class Logged implements Ops<TensorType> {
    private final Shapes shapes = new Shapes();
    private final List<String> names = new ArrayList<>();

    @Override
    public TensorType apply(Op op, List<TensorType> in) {
        names.add(op.name());
        return shapes.apply(op, in);
    }

    @Override
    public TensorType lift(Tensor constant) {
        return shapes.lift(constant);
    }

    /** The names since the last call. */
    List<String> take() {
        List<String> out = List.copyOf(names);
        names.clear();
        return out;
    }
}
