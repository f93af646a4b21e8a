package dev.seiche.nn;

import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Map;

/** Something that must be saved with a run for the resumed run to have the same bits as an unbroken one. */
public interface Stateful {

    /** The whole state as named tensors, copied into {@code into}; empty where there is none. */
    Map<String, Tensor> capture(Scope into);

    /**
     * Takes over a captured state.
     *
     * @throws IllegalArgumentException when a tensor is missing or of another type
     */
    void restore(Map<String, Tensor> captured);
}
