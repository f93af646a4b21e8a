package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/** All axes but the first made into one: [B, H, W, C] to [B, H W C], in NHWC order. */
public record Flatten() implements Module {
    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return x.shape().rank() == 2 ? x : pass.ops().flatten(x, 1);
    }
}
