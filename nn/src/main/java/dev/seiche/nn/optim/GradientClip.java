package dev.seiche.nn.optim;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;
import java.util.function.DoubleSupplier;

/**
 * Clipping by the global norm, as in PyTorch: a gradient longer than {@code maxNorm} is scaled by
 * {@code maxNorm / (norm + 1e-6)}; shorter ones stay as they are.
 *
 * @param maxNorm above 0; infinity clips nothing
 */
public record GradientClip(double maxNorm) {
    public GradientClip {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("gradient clip: the norm must be positive, got " + maxNorm);
        }
    }

    public static GradientClip none() {
        return new GradientClip(Double.POSITIVE_INFINITY);
    }

    /**
     * The clipped gradient, born in {@code into}, or {@code gradient} itself when it is short enough.
     *
     * @param norm computes the gradient's norm; not called where nothing is clipped
     */
    public ParameterVector apply(ParameterVector gradient, DoubleSupplier norm, Scope into) {
        if (maxNorm == Double.POSITIVE_INFINITY) {
            return gradient;
        }
        double factor = maxNorm / (norm.getAsDouble() + 1e-6);
        return factor < 1 ? gradient.scale(factor, into) : gradient;
    }
}
