package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Means and variances down columns, as batch norm has them, and what is made of them: x is [outer, rows, columns], folded
 * over its rows. Memory is read once for the moments: a part of some rows is summed up, then its squares and products about
 * its own mean while it is in the cache; parts are put together in double. Rows are cut by sizes alone.
 */
final class ColumnNorms {
    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 14;

    /** Elements of a part, which stay in the second-level cache. */
    private static final int PART = 1 << 15;

    /** Columns up to which neighbouring rows count as one, so that vectors are full. */
    private static final int WIDE = 256;

    /** Of each part, in f64: mean and squares of x, mean of dy, products; then both means in the element type. */
    private static final int PIECES = 6;

    private static final int MEAN = 0;
    private static final int SQUARES = 1;
    private static final int SLOPE = 2;
    private static final int PRODUCTS = 3;
    private static final int CENTRES = 4;

    private final CpuMachine machine;
    private final Lanes lanes;
    private final DType dtype;
    private final long outer;
    private final long rows;
    private final int columns;
    /** Rows of joined neighbours, as long as {@link #width}. */
    private final long joinedRows;

    private final int width;
    private final int parts;
    private final long pieceBytes;

    private ColumnNorms(CpuMachine machine, DType dtype, long outer, long rows, int columns) {
        this.machine = machine;
        this.lanes = machine.lanes(dtype);
        this.dtype = dtype;
        this.outer = outer;
        this.rows = rows;
        this.columns = columns;
        int together = 1;
        while (rows % (2L * together) == 0 && 2L * together * columns <= WIDE) {
            together *= 2;
        }
        this.joinedRows = rows / together;
        this.width = columns * together;
        this.parts = Math.toIntExact(Math.max(1, joinedRows / Math.max(Lanes.ROWS, PART / width)));
        this.pieceBytes = (long) Lanes.padded(width) * JAVA_DOUBLE.byteSize();
    }

    /** The fold of these axes, or null where they do not lie together in front of a kept one. */
    static @Nullable ColumnNorms of(CpuMachine machine, DType dtype, Shape shape, List<Integer> axes) {
        List<Long> runs = VectorReductions.groups(shape, axes);
        return runs.size() == 3
                ? new ColumnNorms(machine, dtype, runs.get(0), runs.get(1), Math.toIntExact(runs.get(2)))
                : null;
    }

    /** Moments of the columns of one of the outer matrices: [columns] each; the last two mean nothing without a gradient. */
    private record Folded(double[] means, double[] variances, double[] slopes, double[] products) {}

    /** What is done with them. */
    private interface Use {
        void of(long matrix, Folded folded);
    }

    /** y = [2, outer, columns]: means, then variances. */
    void moments(Tensor x, Tensor y) {
        MemorySegment to = CpuMachine.elements(y);
        fold(x, null, (matrix, folded) -> {
            for (int c = 0; c < columns; c++) {
                set(to, matrix * columns + c, folded.means[c]);
                set(to, (outer + matrix) * columns + c, folded.variances[c]);
            }
        });
    }

    void standardise(Tensor x, double eps, Tensor y) {
        apply(x, null, eps, y);
    }

    void standardiseGrad(Tensor x, Tensor dy, double eps, Tensor dx) {
        apply(x, dy, eps, dx);
    }

    private void apply(Tensor x, @Nullable Tensor dy, double eps, Tensor out) {
        MemorySegment in = CpuMachine.elements(x);
        MemorySegment slopes = dy == null ? in : CpuMachine.elements(dy);
        MemorySegment to = CpuMachine.elements(out);
        long rowBytes = (long) width * dtype.bytes();
        machine.withMemory(
                4 * rowBytes,
                columnwise -> fold(x, dy, (matrix, folded) -> {
                    spread(folded, eps, columnwise);
                    VectorReductions.share(machine.pool(), parts, joinedRows / parts * width, CHUNK, part -> {
                        long start = WorkerPool.chunkStart(joinedRows, parts, (int) part);
                        int count = Math.toIntExact(WorkerPool.chunkStart(joinedRows, parts, (int) part + 1) - start);
                        long at = (matrix * joinedRows + start) * rowBytes;
                        long bytes = count * rowBytes;
                        if (dy == null) {
                            lanes.standardiseColumns(
                                    in.asSlice(at, bytes), count, width, columnwise, to.asSlice(at, bytes));
                        } else {
                            lanes.standardiseColumnsGrad(
                                    in.asSlice(at, bytes),
                                    slopes.asSlice(at, bytes),
                                    count,
                                    width,
                                    columnwise,
                                    to.asSlice(at, bytes));
                        }
                    });
                }));
    }

    /** Writes mean, factor, slope and bend of each column of joined rows, as {@link Lanes} wants them. */
    private void spread(Folded folded, double eps, MemorySegment columnwise) {
        for (int c = 0; c < width; c++) {
            int column = c % columns;
            double factor = 1 / Math.sqrt(folded.variances[column] + eps);
            set(columnwise, c, folded.means[column]);
            set(columnwise, width + c, factor);
            set(columnwise, 2 * width + c, folded.slopes[column]);
            set(columnwise, 3 * width + c, folded.products[column] * factor * factor);
        }
    }

    private void fold(Tensor x, @Nullable Tensor dy, Use use) {
        MemorySegment xs = CpuMachine.elements(x);
        MemorySegment slopes = dy == null ? null : CpuMachine.elements(dy);
        long partBytes = PIECES * pieceBytes;
        machine.withMemory(outer * parts * partBytes, memory -> {
            VectorReductions.share(machine.pool(), outer * parts, joinedRows / parts * width, CHUNK, i -> {
                int part = (int) (i % parts);
                long start = WorkerPool.chunkStart(joinedRows, parts, part);
                long end = WorkerPool.chunkStart(joinedRows, parts, part + 1);
                long before = i / parts * joinedRows;
                part(xs, slopes, before + start, before + end, memory.asSlice(i * partBytes, partBytes));
            });
            for (long matrix = 0; matrix < outer; matrix++) {
                use.of(matrix, merged(memory.asSlice(matrix * parts * partBytes, parts * partBytes), dy != null));
            }
        });
    }

    /** Moments of some rows. */
    private void part(MemorySegment x, @Nullable MemorySegment dy, long start, long end, MemorySegment to) {
        to.fill((byte) 0);
        MemorySegment centres = to.asSlice(CENTRES * pieceBytes);
        MemorySegment slopeCentres = to.asSlice((CENTRES + 1) * pieceBytes);
        mean(x, start, end, piece(to, MEAN), centres);
        addProducts(x, centres, x, centres, start, end, piece(to, SQUARES));
        if (dy != null) {
            mean(dy, start, end, piece(to, SLOPE), slopeCentres);
            addProducts(x, centres, dy, slopeCentres, start, end, piece(to, PRODUCTS));
        }
    }

    private MemorySegment piece(MemorySegment part, int which) {
        return part.asSlice(which * pieceBytes, pieceBytes);
    }

    private void mean(MemorySegment x, long start, long end, MemorySegment means, MemorySegment rounded) {
        for (long row = start; row < end; row += Lanes.ROWS) {
            lanes.addColumns(rows(x, row, end), atMost(row, end), width, width, means);
        }
        for (int c = 0; c < width; c++) {
            double mean = means.getAtIndex(JAVA_DOUBLE, c) / (end - start);
            means.setAtIndex(JAVA_DOUBLE, c, mean);
            set(rounded, c, mean);
        }
    }

    private void addProducts(
            MemorySegment a,
            MemorySegment centreA,
            MemorySegment b,
            MemorySegment centreB,
            long start,
            long end,
            MemorySegment sums) {
        for (long row = start; row < end; row += Lanes.ROWS) {
            lanes.addProducts(rows(a, row, end), centreA, rows(b, row, end), centreB, atMost(row, end), width, sums);
        }
    }

    private static int atMost(long row, long end) {
        return (int) Math.min(Lanes.ROWS, end - row);
    }

    private MemorySegment rows(MemorySegment x, long row, long end) {
        long rowBytes = (long) width * dtype.bytes();
        return x.asSlice(row * rowBytes, atMost(row, end) * rowBytes);
    }

    /** Puts the parts of one matrix together: deviations of a part about its mean, and of its mean about that of all. */
    private Folded merged(MemorySegment memory, boolean graded) {
        double[] means = means(memory, MEAN);
        double[] variances = products(memory, SQUARES, MEAN, means, MEAN, means);
        if (!graded) {
            return new Folded(means, variances, means, means);
        }
        double[] slopes = means(memory, SLOPE);
        return new Folded(means, variances, slopes, products(memory, PRODUCTS, MEAN, means, SLOPE, slopes));
    }

    private double[] means(MemorySegment memory, int piece) {
        double[] means = new double[columns];
        for (int part = 0; part < parts; part++) {
            long from = address(memory, part, piece);
            double share = share(part);
            for (int c = 0, column = 0; c < width; c++, column = next(column)) {
                means[column] += share * Native.ALL.get(JAVA_DOUBLE, from + 8L * c);
            }
        }
        return means;
    }

    private double[] products(MemorySegment memory, int piece, int a, double[] meansA, int b, double[] meansB) {
        double[] products = new double[columns];
        for (int part = 0; part < parts; part++) {
            long within = address(memory, part, piece);
            long fromA = address(memory, part, a);
            long fromB = address(memory, part, b);
            double share = share(part);
            for (int c = 0, column = 0; c < width; c++, column = next(column)) {
                double offA = Native.ALL.get(JAVA_DOUBLE, fromA + 8L * c) - meansA[column];
                double offB = Native.ALL.get(JAVA_DOUBLE, fromB + 8L * c) - meansB[column];
                products[column] += share * offA * offB + Native.ALL.get(JAVA_DOUBLE, within + 8L * c) / rows;
            }
        }
        return products;
    }

    private long address(MemorySegment memory, int part, int piece) {
        return Native.at(memory.asSlice((part * (long) PIECES + piece) * pieceBytes), pieceBytes);
    }

    /** Of all elements of a column, the share that stand in one column of joined rows of a part. */
    private double share(int part) {
        long count =
                WorkerPool.chunkStart(joinedRows, parts, part + 1) - WorkerPool.chunkStart(joinedRows, parts, part);
        return (double) count / rows;
    }

    private int next(int column) {
        return column + 1 == columns ? 0 : column + 1;
    }

    private void set(MemorySegment memory, long i, double value) {
        if (dtype == DType.F32) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) value);
        } else {
            memory.setAtIndex(JAVA_DOUBLE, i, value);
        }
    }
}
