package dev.seiche.kernels.cpu.gemm;

import java.lang.foreign.MemorySegment;

/**
 * The geometry of {@code C = op(A) op(B)} or {@code C += op(A) op(B)} on row-major matrices, for one matrix or a batch.
 * op is the matrix itself or its transpose; op(A) is m by k, op(B) k by n, C m by n. Sizes may be 0: then C is left
 * alone where it is empty, and is zero (or unchanged) where k is 0.
 *
 * @param lda elements from one row of A as stored to the next; A is stored m by k, or k by m when transposed
 * @param accumulate add to C instead of overwriting it; overwriting never reads C, so C may hold NaN
 * @param batch number of products
 * @param strideA elements from one A of the batch to the next; 0 uses one A for all. Likewise B. The Cs must not overlap
 */
public record GemmShape(
        int m,
        int n,
        int k,
        boolean transposeA,
        boolean transposeB,
        long lda,
        long ldb,
        long ldc,
        boolean accumulate,
        int batch,
        long strideA,
        long strideB,
        long strideC) {
    public GemmShape {
        if (m < 0 || n < 0 || k < 0 || batch < 0) {
            throw new IllegalArgumentException(
                    "gemm: negative size: m=" + m + ", n=" + n + ", k=" + k + ", batch=" + batch);
        }
        requireLeading("a", lda, transposeA ? m : k);
        requireLeading("b", ldb, transposeB ? k : n);
        requireLeading("c", ldc, n);
        if (strideA < 0 || strideB < 0 || strideC < 0) {
            throw new IllegalArgumentException(
                    "gemm: negative batch stride: a " + strideA + ", b " + strideB + ", c " + strideC);
        }
    }

    private static void requireLeading(String name, long leading, int width) {
        if (leading < width) {
            throw new IllegalArgumentException(
                    "gemm: leading dimension of " + name + " is " + leading + ", its rows have " + width + " elements");
        }
    }

    /** One dense product without transposes. */
    public static GemmShape of(int m, int n, int k) {
        return of(m, n, k, false, false);
    }

    /** One product of dense matrices. */
    public static GemmShape of(int m, int n, int k, boolean transposeA, boolean transposeB) {
        return new GemmShape(
                m, n, k, transposeA, transposeB, transposeA ? m : k, transposeB ? k : n, n, false, 1, 0, 0, 0);
    }

    /** With these distances from row to row, in elements. */
    public GemmShape withLeading(long newLda, long newLdb, long newLdc) {
        return new GemmShape(
                m, n, k, transposeA, transposeB, newLda, newLdb, newLdc, accumulate, batch, strideA, strideB, strideC);
    }

    /** Adding to C. */
    public GemmShape accumulating() {
        return new GemmShape(m, n, k, transposeA, transposeB, lda, ldb, ldc, true, batch, strideA, strideB, strideC);
    }

    /** A batch with these distances from matrix to matrix, in elements. */
    public GemmShape batched(int count, long newStrideA, long newStrideB, long newStrideC) {
        return new GemmShape(
                m, n, k, transposeA, transposeB, lda, ldb, ldc, accumulate, count, newStrideA, newStrideB, newStrideC);
    }

    /** A batch of matrices that follow each other without gaps. */
    public GemmShape batched(int count) {
        return batched(count, (long) m * k, (long) k * n, (long) m * n);
    }

    /** True when no element of C exists. */
    public boolean empty() {
        return m == 0 || n == 0 || batch == 0;
    }

    /** Floating-point operations of one product: a multiplication and an addition for each step of the sums. */
    public long flops() {
        return 2L * m * n * k;
    }

    /**
     * Checks that three segments are off-heap and long enough.
     *
     * @param name the call, for the message
     * @param elementBytes 4 or 8
     * @throws IllegalArgumentException where one is not
     */
    public void check(String name, MemorySegment a, MemorySegment b, MemorySegment c, int elementBytes) {
        require(name, "a", a, elements(transposeA ? k : m, transposeA ? m : k, lda, strideA), elementBytes);
        require(name, "b", b, elements(transposeB ? n : k, transposeB ? k : n, ldb, strideB), elementBytes);
        require(name, "c", c, elements(m, n, ldc, strideC), elementBytes);
    }

    private long elements(int rows, int columns, long leading, long stride) {
        if (rows == 0 || columns == 0 || batch == 0) {
            return 0;
        }
        return stride * (batch - 1) + leading * (rows - 1) + columns;
    }

    private void require(String name, String operand, MemorySegment segment, long elements, int elementBytes) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException(name + ": " + operand + " lies on the Java heap, not off it\n  " + this);
        }
        if (segment.byteSize() < elements * elementBytes) {
            throw new IllegalArgumentException(name + ": " + operand + " is too short: it has " + segment.byteSize()
                    + " bytes, the product reaches " + elements * elementBytes + "\n  " + this);
        }
        if (segment.address() % elementBytes != 0) {
            throw new IllegalArgumentException(
                    name + ": " + operand + " is not aligned to " + elementBytes + " bytes\n  " + this);
        }
    }

    /** Readable: {@code c[128, 512] = a[128, 784] b[784, 512]}, with what is not plain behind it. */
    @Override
    public String toString() {
        String text = "c[" + m + ", " + n + "] " + (accumulate ? "+=" : "=") + " a"
                + (transposeA ? "^T[" : "[") + m + ", " + k + "] b" + (transposeB ? "^T[" : "[") + k + ", " + n
                + "], ld " + lda + " " + ldb + " " + ldc;
        return batch == 1 ? text : text + ", batch " + batch + " by " + strideA + " " + strideB + " " + strideC;
    }
}
