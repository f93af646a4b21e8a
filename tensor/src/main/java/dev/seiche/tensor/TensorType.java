package dev.seiche.tensor;

/** Element type and shape, printed as {@code f32[32, 128]}. As a {@link Value} it is a tensor without data. */
public record TensorType(DType dtype, Shape shape) implements Value {
    @Override
    public TensorType type() {
        return this;
    }

    /** The same element type at another shape. */
    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    /** Bytes of a contiguous tensor of this type. */
    public long bytes() {
        return Math.multiplyExact(shape.size(), (long) dtype.bytes());
    }

    @Override
    public String toString() {
        return dtype.toString() + shape;
    }
}
