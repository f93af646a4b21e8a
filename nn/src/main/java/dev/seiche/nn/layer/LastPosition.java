package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/** The last of the positions: x[B, T, C] to [B, C]. A decoder before it predicts one id for each sample. */
public record LastPosition() implements Module {
    @Override
    public void declare(Declaration declaration) {}

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        int positions = x.shape().dim(1);
        T last = pass.ops().slice(x, 1, positions - 1, positions);
        return pass.ops().reshape(last, x.shape().dim(0), x.shape().dim(2));
    }
}
