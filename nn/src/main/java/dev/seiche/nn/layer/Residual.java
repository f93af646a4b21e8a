package dev.seiche.nn.layer;

import dev.seiche.nn.Declaration;
import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = body(x) + x}: He et al. 2015. Where the body changes the shape, a projection brings x to it. Parts are named
 * {@code body} and {@code projection}.
 *
 * @param projection null for the identity
 */
public record Residual(Module body, @Nullable Module projection) implements Module {

    /** A body that keeps the shape. */
    public static Residual of(Module body) {
        return new Residual(body, null);
    }

    @Override
    public void declare(Declaration declaration) {
        body.declare(declaration.in("body"));
        if (projection != null) {
            projection.declare(declaration.in("projection"));
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        T y = pass.run("body", body, x);
        T skipped = projection == null ? x : pass.run("projection", projection, x);
        // an add would broadcast, and train another network than the one that was meant
        if (!y.shape().equals(skipped.shape())) {
            throw new IllegalArgumentException("residual: the body gives " + y.shape() + ", the skip path "
                    + skipped.shape() + "; give a projection that ends in the body's shape");
        }
        return pass.ops().add(y, skipped);
    }
}
