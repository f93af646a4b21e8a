package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/** Height and width folded: [B, H, W, C] to [B, C]. */
public enum GlobalPool implements Module {
    AVERAGE,
    MAX;

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return this == AVERAGE ? pass.ops().globalAvgPool2d(x) : pass.ops().globalMaxPool2d(x);
    }
}
