package dev.seiche.autograd;

import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import org.jspecify.annotations.Nullable;

/**
 * A value and its derivative along one direction.
 *
 * @param tangent of the value's type; null is an exact zero, which costs nothing to carry on
 * @param <T> what the interpreter under the {@link Dual} computes with
 */
public record DualNumber<T extends Value>(T value, @Nullable T tangent) implements Value {
    /** Throws when the tangent is of another type than the value, or the value is not floating and has a tangent. */
    public DualNumber {
        if (tangent != null && !tangent.type().equals(value.type())) {
            throw new IllegalArgumentException("dual number: the tangent must have the value's type"
                    + "\n  value: " + value.describe()
                    + "\n  tangent: " + tangent.describe());
        }
        if (tangent != null && !value.dtype().floating()) {
            throw new IllegalArgumentException(
                    "dual number: " + value.describe() + " is not f32 or f64 and carries no tangent; use constant");
        }
    }

    @Override
    public TensorType type() {
        return value.type();
    }

    @Override
    public String describe() {
        return value.describe();
    }
}
