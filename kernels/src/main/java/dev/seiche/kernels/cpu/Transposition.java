package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Lays out a strided view whose elements lie side by side along another axis than the last, in small squares over the
 * two, so that both sides are read and written by whole cache lines.
 *
 * @param dims sizes of the view
 * @param from strides of the view
 * @param to strides of the result, which is dense
 * @param across the axis along which the view is dense
 */
record Transposition(int[] dims, long[] from, long[] to, int across) {
    /** Edge of a square: 32 lines of either side stay in the first-level cache. */
    private static final int EDGE = 32;

    /** Elements that are worth another thread. */
    private static final int CHUNK = 1 << 15;

    /** Null where this is no way to copy the view: its last axis is dense or repeated, or none is dense. */
    static @Nullable Transposition of(int[] dims, long[] strides) {
        int last = dims.length - 1;
        long[] to = new long[dims.length];
        long next = 1;
        int across = -1;
        for (int axis = last; axis >= 0; axis--) {
            to[axis] = next;
            next *= dims[axis];
            if (strides[axis] == 1) {
                across = axis;
            }
        }
        return across >= 0 && strides[last] > 1 ? new Transposition(dims, strides, to, across) : null;
    }

    /** @param source from the view's first element */
    void run(WorkerPool pool, MemorySegment source, MemorySegment target, int elementBytes) {
        int last = dims.length - 1;
        long end = 1; // past the last element of the view
        long count = 1;
        for (int axis = 0; axis <= last; axis++) {
            end += from[axis] * (dims[axis] - 1);
            count *= dims[axis];
        }
        long sources = Native.at(source, end * elementBytes);
        long targets = Native.at(target, count * elementBytes);
        int rows = dims[across];
        int columns = dims[last];
        int bands = Math.ceilDiv(rows, EDGE);
        long others = 1;
        for (int axis = 0; axis < last; axis++) {
            others *= axis == across ? 1 : dims[axis];
        }
        VectorReductions.share(pool, others * bands, (long) EDGE * columns, CHUNK, i -> {
            int row = (int) (i % bands) * EDGE;
            long rest = i / bands;
            long fromStart = row;
            long toStart = row * to[across];
            for (int axis = last - 1; axis >= 0; axis--) {
                if (axis != across) {
                    fromStart += rest % dims[axis] * from[axis];
                    toStart += rest % dims[axis] * to[axis];
                    rest /= dims[axis];
                }
            }
            int height = Math.min(EDGE, rows - row);
            for (int column = 0; column < columns; column += EDGE) {
                int width = Math.min(EDGE, columns - column);
                long at = fromStart + column * from[last];
                if (elementBytes == Integer.BYTES) {
                    move4(sources + at * Integer.BYTES, targets + (toStart + column) * Integer.BYTES, height, width);
                } else {
                    move8(sources + at * Long.BYTES, targets + (toStart + column) * Long.BYTES, height, width);
                }
            }
        });
    }

    private void move4(long source, long target, int rows, int columns) {
        long fromColumn = from[dims.length - 1] * Integer.BYTES;
        for (int r = 0; r < rows; r++) {
            long read = source + (long) r * Integer.BYTES;
            long write = target + r * to[across] * Integer.BYTES;
            for (int c = 0; c < columns; c++) {
                Native.ALL.set(
                        JAVA_INT, write + (long) c * Integer.BYTES, Native.ALL.get(JAVA_INT, read + c * fromColumn));
            }
        }
    }

    private void move8(long source, long target, int rows, int columns) {
        long fromColumn = from[dims.length - 1] * Long.BYTES;
        for (int r = 0; r < rows; r++) {
            long read = source + (long) r * Long.BYTES;
            long write = target + r * to[across] * Long.BYTES;
            for (int c = 0; c < columns; c++) {
                Native.ALL.set(
                        JAVA_LONG, write + (long) c * Long.BYTES, Native.ALL.get(JAVA_LONG, read + c * fromColumn));
            }
        }
    }
}
