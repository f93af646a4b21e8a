package dev.seiche.study.gram;

import dev.seiche.nn.data.Column;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Some examples of a column, in an order of their own. */
@SuppressWarnings("ArrayRecordComponent") // numbers of examples that are read, never compared
record ChosenColumn(Column all, int[] ids) implements Column {
    @Override
    public int count() {
        return ids.length;
    }

    @Override
    public Shape shape() {
        return all.shape();
    }

    @Override
    public DType dtype(DType floating) {
        return all.dtype(floating);
    }

    @Override
    public void write(int example, DType dtype, MemorySegment into) {
        all.write(ids[example], dtype, into);
    }
}
