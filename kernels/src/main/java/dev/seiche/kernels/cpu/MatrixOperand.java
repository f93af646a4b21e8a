package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tensor whose last two axes a matrix product can read in place: dense rows, or the transpose of dense rows.
 *
 * @param memory from the first element of the first matrix
 * @param layout places in {@code memory}; offset 0
 * @param transposed dense rows run along the last axis but one
 * @param leading elements from one dense row to the next
 */
record MatrixOperand(MemorySegment memory, Layout layout, boolean transposed, long leading) {
    /** Hands on the tensor's own memory where its strides allow, and else a copy that lives as long as {@code use}. */
    static void with(CpuMachine machine, Tensor tensor, Consumer<MatrixOperand> use) {
        Layout layout = tensor.layout();
        MemorySegment memory = CpuBuffer.memory(tensor)
                .asSlice(layout.offset() * tensor.dtype().bytes());
        MatrixOperand inPlace = of(memory, new Layout(layout.shape(), layout.strides(), 0));
        if (inPlace != null) {
            use.accept(inPlace);
            return;
        }
        machine.withMemory(tensor.type().bytes(), copy -> {
            new StridedRead(tensor, Collapsed.of(tensor.shape(), layout), 0)
                    .read(0, tensor.shape().size(), copy);
            long columns = tensor.shape().dim(-1);
            use.accept(new MatrixOperand(copy, Layout.contiguous(tensor.shape()), false, columns));
        });
    }

    private static @Nullable MatrixOperand of(MemorySegment memory, Layout layout) {
        int last = layout.shape().rank() - 1;
        int rows = layout.shape().dim(last - 1);
        int columns = layout.shape().dim(last);
        long rowStride = layout.strides()[last - 1];
        long columnStride = layout.strides()[last];
        if ((columns == 1 || columnStride == 1) && (rows == 1 || rowStride >= columns)) {
            return new MatrixOperand(memory, layout, false, rows == 1 ? columns : rowStride);
        }
        if ((rows == 1 || rowStride == 1) && (columns == 1 || columnStride >= rows)) {
            return new MatrixOperand(memory, layout, true, columns == 1 ? rows : columnStride);
        }
        return null;
    }

    /** All axes but the last two. */
    Layout batch() {
        int rank = layout.shape().rank() - 2;
        return new Layout(layout.shape().slice(0, rank), Arrays.copyOf(layout.strides(), rank), 0);
    }
}
