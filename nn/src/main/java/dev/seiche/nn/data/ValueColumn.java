package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floating values held as doubles. */
final class ValueColumn implements Column {
    private final Shape shape;
    private final double[] values;

    /** Keeps {@code values} without a copy. */
    ValueColumn(Shape shape, double[] values) {
        if (shape.size() == 0 || values.length % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "column: %d values are not a whole number of examples of shape %s".formatted(values.length, shape));
        }
        this.shape = shape;
        this.values = values;
    }

    @Override
    public int count() {
        return (int) (values.length / shape.size());
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void write(int example, DType dtype, MemorySegment into) {
        int size = (int) shape.size();
        int start = example * size;
        switch (dtype) {
            case F64 -> MemorySegment.copy(values, start, into, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, size);
            case F32 -> {
                for (int i = 0; i < size; i++) {
                    into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) values[start + i]);
                }
            }
            case I32 -> throw new IllegalArgumentException("column: floating values cannot be written as i32");
        }
    }
}
