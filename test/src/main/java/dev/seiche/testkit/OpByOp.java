package dev.seiche.testkit;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.ForwardingBackend;
import dev.seiche.tensor.MultiTensor;
import org.jspecify.annotations.Nullable;

/** A device that does nothing to whole lists of tensors at once: steps of optimizers are composed of its ops. */
public record OpByOp(Backend inner) implements ForwardingBackend {
    @Override
    public @Nullable MultiTensor multiTensor() {
        return null;
    }
}
