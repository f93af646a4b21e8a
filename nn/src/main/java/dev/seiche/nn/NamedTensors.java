package dev.seiche.nn;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import java.util.List;
import java.util.Map;

/** Overwriting tensors with others of the same names, as a checkpoint holds them. */
final class NamedTensors {
    private NamedTensors() {}

    /** Copies {@code from} over {@code to}, in place. */
    static void copy(Tensor from, Tensor to) {
        to.scope().ops().applyInto(new Copy(), List.of(from), to);
    }

    /** The tensor of this name and of the target's type. */
    static Tensor require(Map<String, Tensor> named, String name, Tensor target) {
        Tensor found = named.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' among " + named.keySet());
        }
        if (!found.type().equals(target.type())) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' is " + found.type() + ", but here it must be " + target.type());
        }
        return found;
    }
}
