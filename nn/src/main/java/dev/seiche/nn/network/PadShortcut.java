package dev.seiche.nn.network;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;

/**
 * The skip path without weights: every {@code stride}-th pixel of x[B, H, W, in] from the first on, its channels in the
 * middle of {@code out} channels and zeros around them.
 */
record PadShortcut(int in, int out, int stride) implements Module {
    PadShortcut {
        if (out < in || (out - in) % 2 != 0) {
            throw new IllegalArgumentException(
                    "shortcut: zeros fit evenly around the channels when out - in is even and not negative, got in="
                            + in + ", out=" + out);
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        Ops<T> ops = pass.ops();
        int[] stop = x.shape().dims();
        T every = ops.slice(x, new int[4], stop, new int[] {1, stride, stride, 1});
        int side = (out - in) / 2;
        int[] around = {0, 0, 0, side};
        return side == 0 ? every : ops.pad(every, around, around, 0);
    }
}
