package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import java.nio.ByteBuffer;

/** {@code struct Product} of {@code matmul.cuh}: sizes of a batch of matrix products and where operands lie. */
record Product(int m, int n, int k, int batches, long aRow, long aInner, long bInner, long bColumn, Space batch)
        implements Arguments.Structure {
    /** True when each operand's matrices are one distance apart. */
    boolean evenBatches() {
        return batch.rank() == 1;
    }

    /** That distance, of a (0) or b (1). */
    long stride(int operand) {
        return batch.innerStride(operand);
    }

    @Override
    public void pack(ByteBuffer into) {
        into.putInt(m).putInt(n).putInt(k).putInt(batches);
        into.putLong(aRow).putLong(aInner).putLong(bInner).putLong(bColumn);
        batch.pack(into);
    }
}
