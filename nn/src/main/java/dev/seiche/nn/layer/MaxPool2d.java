package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.PoolGeometry;

/** The largest element of each window of x[B, H, W, C]. */
public record MaxPool2d(PoolGeometry geometry) implements Module {

    /** A square window that moves by its own size, without padding. */
    public static MaxPool2d of(int kernel) {
        return of(kernel, kernel, 0);
    }

    public static MaxPool2d of(int kernel, int stride, int padding) {
        return new MaxPool2d(PoolGeometry.of(kernel, stride, padding));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.ops().maxPool2d(x, geometry);
    }
}
