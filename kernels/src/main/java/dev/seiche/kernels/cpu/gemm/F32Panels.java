package dev.seiche.kernels.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@link Panels} of f32. */
final class F32Panels extends Panels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.vectorBitSize() < 128
            ? FloatVector.SPECIES_128
            : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 2 * LANES;
    private static final long VECTOR_BYTES = SPECIES.vectorByteSize();
    private static final long EDGE_LD = 2 * VECTOR_BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** Rows of B as stored that are turned together, so that writes into the panel come in runs. Divides its width. */
    private static final int TURNED = 8;

    /** Shorter rows are copied by element: a bulk copy takes some 15 ns to begin. */
    private static final int SHORT_ROW = 24;

    private float[] packedA = {};
    private float[] packedB = {};
    private final float[] turning = new float[TURNED * MOST_K];

    /** Steps through {@link #packedA} from row to row, and from column to column, of op(A). */
    private int rowStep;

    private int kStep;

    /** A whole tile, for those that reach over the edge of C. Off-heap like C, so that one machine code serves both. */
    private final MemorySegment edge = Arena.ofAuto().allocate(TILE_ROWS * EDGE_LD, 64);

    @Override
    int panelWidth() {
        return WIDTH;
    }

    @Override
    void reserveB(int count) {
        if (packedB.length < count) {
            packedB = new float[count];
        }
    }

    @Override
    void packB(GemmShape s, MemorySegment b, long start, int k0, int kc, int n0, int columns, Panels into, int at) {
        float[] to = ((F32Panels) into).packedB;
        if (s.transposeB()) {
            for (int j = 0; j < columns; j += WIDTH) {
                long first = start + (n0 + j) * s.ldb() + k0;
                turnB(b, first, s.ldb(), kc, Math.min(WIDTH, columns - j), to, at + j * kc);
            }
        } else {
            for (int i = 0; i < kc; i++) {
                copyRowOfB(b, start + (k0 + i) * s.ldb() + n0, columns, to, at + i * WIDTH, kc * WIDTH);
            }
        }
    }

    /** One row of B into all its panels: read in a stream, written a panel apart. */
    private static void copyRowOfB(MemorySegment b, long first, int columns, float[] to, int at, int panel) {
        long lastWhole = b.byteSize() - 2 * VECTOR_BYTES;
        long from = first * Float.BYTES;
        int p = at;
        for (int j = 0; j < columns; j += WIDTH) {
            if (from <= lastWhole) { // what lies beyond the columns may be anything: its results are dropped
                FloatVector.fromMemorySegment(SPECIES, b, from, ORDER).intoArray(to, p);
                FloatVector.fromMemorySegment(SPECIES, b, from + VECTOR_BYTES, ORDER)
                        .intoArray(to, p + LANES);
            } else {
                for (int q = 0; q < columns - j; q++) {
                    to[p + q] = b.get(FLOAT, from + (long) q * Float.BYTES);
                }
            }
            from += 2 * VECTOR_BYTES;
            p += panel;
        }
    }

    private void turnB(MemorySegment b, long first, long ldb, int kc, int columns, float[] to, int at) {
        for (int j = 0; j < columns; j += TURNED) {
            int rows = Math.min(TURNED, columns - j); // what is turned beyond them is old, and dropped
            for (int q = 0; q < rows; q++) {
                copyRow(b, (first + (j + q) * ldb) * Float.BYTES, turning, q * MOST_K, kc);
            }
            turn(turning, to, at + j, kc);
        }
    }

    private static void copyRow(MemorySegment from, long start, float[] to, int at, int count) {
        if (count >= SHORT_ROW) {
            MemorySegment.copy(from, FLOAT, start, to, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[at + i] = from.get(FLOAT, start + (long) i * Float.BYTES);
        }
    }

    private static void turn(float[] t, float[] to, int at, int kc) {
        for (int i = 0; i < kc; i++) {
            int p = at + i * WIDTH;
            to[p] = t[i];
            to[p + 1] = t[MOST_K + i];
            to[p + 2] = t[2 * MOST_K + i];
            to[p + 3] = t[3 * MOST_K + i];
            to[p + 4] = t[4 * MOST_K + i];
            to[p + 5] = t[5 * MOST_K + i];
            to[p + 6] = t[6 * MOST_K + i];
            to[p + 7] = t[7 * MOST_K + i];
        }
    }

    @Override
    void packA(GemmShape s, MemorySegment a, long start, int m0, int mc, int k0, int kc) {
        // The last tile reads up to whole tiles, beyond mc; what it makes of that is dropped.
        int wholeRows = Math.ceilDiv(mc, TILE_ROWS) * TILE_ROWS;
        boolean turned = s.transposeA();
        int rows = turned ? kc : mc;
        int width = turned ? mc : kc;
        int step = turned ? wholeRows : kc;
        if (packedA.length < wholeRows * kc) {
            packedA = new float[wholeRows * kc];
        }
        long first = start + (turned ? k0 * s.lda() + m0 : m0 * s.lda() + k0);
        for (int i = 0; i < rows; i++) {
            copyRow(a, (first + i * s.lda()) * Float.BYTES, packedA, i * step, width);
        }
        rowStep = turned ? 1 : step;
        kStep = turned ? step : 1;
    }

    @Override
    void multiply(
            GemmShape s, int mc, int kc, Panels packed, int at, int columns, MemorySegment c, long c0, boolean add) {
        float[] b = ((F32Panels) packed).packedB;
        float[] a = packedA;
        long ldc = s.ldc() * Float.BYTES;
        for (int i = 0; i < mc; i += TILE_ROWS) {
            int rows = Math.min(TILE_ROWS, mc - i);
            int from = i * rowStep;
            long to = (c0 + i * s.ldc()) * Float.BYTES;
            if (rows == TILE_ROWS && columns == WIDTH) {
                wideTile(kc, a, from, rowStep, kStep, b, at, c, to, ldc, add);
            } else if (rows == TILE_ROWS && columns == LANES) {
                narrowTile(kc, a, from, rowStep, kStep, b, at, c, to, ldc, add);
            } else if (columns > LANES) {
                wideTile(kc, a, from, rowStep, kStep, b, at, edge, 0, EDGE_LD, false);
                copyEdge(rows, columns, c, to, ldc, add);
            } else {
                narrowTile(kc, a, from, rowStep, kStep, b, at, edge, 0, EDGE_LD, false);
                copyEdge(rows, columns, c, to, ldc, add);
            }
        }
    }

    private void copyEdge(int rows, int columns, MemorySegment c, long c0, long ldc, boolean add) {
        VectorMask<Float> first = SPECIES.indexInRange(0, columns);
        VectorMask<Float> second = SPECIES.indexInRange(LANES, Math.max(LANES, columns));
        for (int i = 0; i < rows; i++) {
            storeMasked(edge, i * EDGE_LD, c, c0 + i * ldc, first, add);
            if (columns > LANES) {
                storeMasked(edge, i * EDGE_LD + VECTOR_BYTES, c, c0 + i * ldc + VECTOR_BYTES, second, add);
            }
        }
    }

    private static void storeMasked(
            MemorySegment edge, long from, MemorySegment c, long to, VectorMask<Float> mask, boolean add) {
        FloatVector value = FloatVector.fromMemorySegment(SPECIES, edge, from, ORDER);
        FloatVector sum = add ? value.add(FloatVector.fromMemorySegment(SPECIES, c, to, ORDER, mask)) : value;
        sum.intoMemorySegment(c, to, ORDER, mask);
    }

    @Override
    void clear(GemmShape s, MemorySegment c, long start) {
        for (int i = 0; i < s.m(); i++) {
            c.asSlice((start + i * s.ldc()) * Float.BYTES, (long) s.n() * Float.BYTES)
                    .fill((byte) 0);
        }
    }

    /** Six rows by two vectors of C, all in registers. */
    private static void wideTile(
            int kc,
            float[] a,
            int aAt,
            int rowStep,
            int kStep,
            float[] b,
            int bAt,
            MemorySegment c,
            long c0,
            long ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        // Steps that the compiler does not know keep it from unrolling, which would spill accumulators.
        for (int i = 0; i < kc; i++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + i * WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + i * WIDTH + LANES);
            int at = aAt + i * kStep;
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + rowStep]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * rowStep]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * rowStep]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * rowStep]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * rowStep]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        store(c00, c, c0, add);
        store(c01, c, c0 + VECTOR_BYTES, add);
        store(c10, c, c0 + ldc, add);
        store(c11, c, c0 + ldc + VECTOR_BYTES, add);
        store(c20, c, c0 + 2 * ldc, add);
        store(c21, c, c0 + 2 * ldc + VECTOR_BYTES, add);
        store(c30, c, c0 + 3 * ldc, add);
        store(c31, c, c0 + 3 * ldc + VECTOR_BYTES, add);
        store(c40, c, c0 + 4 * ldc, add);
        store(c41, c, c0 + 4 * ldc + VECTOR_BYTES, add);
        store(c50, c, c0 + 5 * ldc, add);
        store(c51, c, c0 + 5 * ldc + VECTOR_BYTES, add);
    }

    /** Six rows by one vector: for the last columns. */
    private static void narrowTile(
            int kc,
            float[] a,
            int aAt,
            int rowStep,
            int kStep,
            float[] b,
            int bAt,
            MemorySegment c,
            long c0,
            long ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        // Steps that the compiler does not know keep it from unrolling, which would spill accumulators.
        for (int i = 0; i < kc; i++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + i * WIDTH);
            int at = aAt + i * kStep;
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
            c00 = a0.fma(b0, c00);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + rowStep]);
            c10 = a1.fma(b0, c10);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * rowStep]);
            c20 = a2.fma(b0, c20);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * rowStep]);
            c30 = a3.fma(b0, c30);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * rowStep]);
            c40 = a4.fma(b0, c40);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * rowStep]);
            c50 = a5.fma(b0, c50);
        }
        store(c00, c, c0, add);
        store(c10, c, c0 + ldc, add);
        store(c20, c, c0 + 2 * ldc, add);
        store(c30, c, c0 + 3 * ldc, add);
        store(c40, c, c0 + 4 * ldc, add);
        store(c50, c, c0 + 5 * ldc, add);
    }

    private static void store(FloatVector value, MemorySegment c, long at, boolean add) {
        FloatVector sum = add ? value.add(FloatVector.fromMemorySegment(SPECIES, c, at, ORDER)) : value;
        sum.intoMemorySegment(c, at, ORDER);
    }
}
