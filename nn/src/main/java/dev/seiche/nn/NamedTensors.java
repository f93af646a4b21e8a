package dev.seiche.nn;

import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors by name, as a checkpoint holds them. Groups are prefixes that end in a slash: {@code weights/fc1.bias}. */
public final class NamedTensors {
    private NamedTensors() {}

    /** The same tensors in a group: every name gets the prefix. */
    public static Map<String, Tensor> prefixed(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> out.put(prefix + name, tensor));
        return out;
    }

    /** The tensors of a group, without the prefix. */
    public static Map<String, Tensor> under(String prefix, Map<String, Tensor> all) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), tensor);
            }
        });
        return out;
    }

    /**
     * The tensor of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Tensor require(Map<String, Tensor> named, String name) {
        Tensor found = named.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' among " + named.keySet());
        }
        return found;
    }

    /** Copies the tensor of this name, which must have the target's type, over {@code target}, in place. */
    static void load(Map<String, Tensor> named, String name, Tensor target) {
        Tensor found = require(named, name);
        if (!found.type().equals(target.type())) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' is " + found.type() + ", but here it must be " + target.type());
        }
        copy(found, target);
    }

    /** Copies {@code from} over {@code to}, in place. */
    static void copy(Tensor from, Tensor to) {
        to.scope().ops().applyInto(new Copy(), List.of(from), to);
    }
}
