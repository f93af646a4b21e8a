package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One class label for each example. */
final class LabelColumn implements Column {
    private final int[] labels;

    /** Keeps {@code labels} without a copy. */
    LabelColumn(int[] labels) {
        this.labels = labels;
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public Shape shape() {
        return Shape.scalar();
    }

    @Override
    public DType dtype(DType floating) {
        return DType.I32;
    }

    @Override
    public void write(int example, DType dtype, MemorySegment into) {
        if (dtype != DType.I32) {
            throw new IllegalArgumentException("column: labels are i32, asked for " + dtype);
        }
        into.set(ValueLayout.JAVA_INT_UNALIGNED, 0, labels[example]);
    }
}
