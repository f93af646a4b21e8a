package dev.seiche.tensor;

/**
 * Anything an interpreter of {@link Ops} computes with: a tensor, a recorded variable, a dual number, or a bare type.
 * It knows its element type and shape without holding, or touching, any element.
 */
public interface Value {
    TensorType type();

    default DType dtype() {
        return type().dtype();
    }

    default Shape shape() {
        return type().shape();
    }

    /** One line for error messages: dtype, shape and, where known, device and name. */
    default String describe() {
        return type().toString();
    }
}
