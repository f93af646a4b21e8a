package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.PoolGeometry;

/**
 * The mean of each window of x[B, H, W, C].
 *
 * @param countPadding padding counts as zeros, as PyTorch has it by default; otherwise it does not count
 */
public record AvgPool2d(PoolGeometry geometry, boolean countPadding) implements Module {

    /** A square window that moves by its own size, without padding. */
    public static AvgPool2d of(int kernel) {
        return of(kernel, kernel, 0);
    }

    /** Padding counts as zeros. */
    public static AvgPool2d of(int kernel, int stride, int padding) {
        return new AvgPool2d(PoolGeometry.of(kernel, stride, padding), true);
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.ops().avgPool2d(x, geometry, countPadding);
    }
}
