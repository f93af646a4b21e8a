package dev.seiche.tensor.op;

/** {@code y = min(max(x, low), high)}. Derivative 1 strictly inside, 0 outside and on the bounds. NaN stays NaN. */
public record Clamp(double low, double high) implements Unary {
    public Clamp {
        if (!(low <= high)) {
            throw new IllegalArgumentException("clamp: low " + low + " must not exceed high " + high);
        }
    }
}
