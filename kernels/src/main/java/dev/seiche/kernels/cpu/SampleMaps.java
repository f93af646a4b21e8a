package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Inner products of per-sample gradients that are never formed: for each pair of samples, and each pair of their positions s
 * and t, the product of the patches times the product of what came back for them. A few samples with a few others at a time:
 * one matrix product gives all products of their patches, one those of the cotangents, and while both maps are in the cache
 * they are multiplied and added up. Where the window moves by one, products of pixels stand for those of patches: the patch
 * product at (s, t) is their sum over taps at (s + tap, t + tap).
 *
 * <p>Maps have a row for each sample and position of a grid, which holds the image and the output both; where one of them is
 * smaller it is laid out with zeros around.
 */
final class SampleMaps {
    /**
     * Elements of a map: two of them stay in the second-level cache of a core, and tiles are so small that little is computed
     * below the diagonal of a symmetric matrix.
     */
    private static final int MAP = 1 << 14;

    /** Columns of a map are rounded up to this many elements. */
    private static final int ALIGNMENT = 64;

    private final CpuMachine machine;
    private final Gemm gemm;
    private final SampleLoops loops;
    private final Patches sizes;
    private final Side left;
    private final Side right;
    private final TapWindows taps;
    private final int positions;
    private final int most;

    /**
     * Vectors of all positions of the grid, of one of the two factors.
     *
     * @param size of a vector of one group
     */
    private record Side(Kind kind, int height, int width, int size) {}

    private enum Kind {
        /** As they lie in memory, groups side by side. */
        PLAIN,
        /** Laid out on a larger grid. */
        MARGIN,
        /** Patches, one for each output position. */
        PATCHES
    }

    private SampleMaps(
            CpuMachine machine,
            Gemm gemm,
            SampleLoops loops,
            Patches sizes,
            Side left,
            Side right,
            TapWindows taps,
            int most) {
        this.machine = machine;
        this.gemm = gemm;
        this.loops = loops;
        this.sizes = sizes;
        this.left = left;
        this.right = right;
        this.taps = taps;
        this.positions = taps.positions();
        this.most = most;
    }

    static SampleMaps of(CpuMachine machine, Gemm gemm, SampleLoops loops, Patches s, boolean pixels) {
        int height = s.y().dim(1);
        int width = s.y().dim(2);
        Side left = new Side(s.arePixels() ? Kind.PLAIN : Kind.PATCHES, height, width, s.patch());
        if (pixels) {
            height = Math.max(height, s.x().dim(1));
            width = Math.max(width, s.x().dim(2));
            boolean fits = height == s.x().dim(1) && width == s.x().dim(2);
            left = new Side(fits ? Kind.PLAIN : Kind.MARGIN, s.x().dim(1), s.x().dim(2), s.w().dim(2));
        }
        boolean fits = height == s.y().dim(1) && width == s.y().dim(2);
        Side right = new Side(fits ? Kind.PLAIN : Kind.MARGIN, s.y().dim(1), s.y().dim(2), s.filtersPerGroup());
        int positions = height * width;
        int most = Math.max(1, (int) Math.sqrt((double) MAP) / positions);
        TapWindows taps = pixels
                ? TapWindows.of(s.geometry(), s.w().dim(0), s.w().dim(1), height, width, most * positions)
                : TapWindows.still(positions, most * positions);
        return new SampleMaps(machine, gemm, loops, s, left, right, taps, most);
    }

    private static int padded(int columns) {
        return Math.ceilDiv(columns, ALIGNMENT) * ALIGNMENT;
    }

    void norms(MemorySegment x, MemorySegment dy, MemorySegment out) {
        Batch batch = new Batch(x, dy, sizes.x().dim(0));
        with(
                1,
                work -> machine.pool()
                        .run(
                                batch.samples,
                                sample -> work.lend(piece -> {
                                    double[] sum = new double[1];
                                    tile(batch, sample, 1, batch, sample, 1, piece, sum);
                                    loops.set(out, sample, sum[0]);
                                })));
    }

    /** @param in x and dy; and another batch's */
    void gram(List<MemorySegment> in, int columns, MemorySegment out) {
        boolean self = in.size() == 2;
        Batch rows = new Batch(in.get(0), in.get(1), sizes.x().dim(0));
        Batch others = self ? rows : new Batch(in.get(2), in.get(3), columns);
        int down = Math.ceilDiv(rows.samples, most);
        int across = Math.ceilDiv(columns, most);
        int[] tiles = IntStream.range(0, down * across)
                .filter(tile -> !self || tile % across >= tile / across)
                .toArray();
        with(
                most,
                work -> machine.pool()
                        .run(
                                tiles.length,
                                task -> work.lend(piece -> {
                                    int i = tiles[task] / across * most;
                                    int j = tiles[task] % across * most;
                                    int n = Math.min(most, rows.samples - i);
                                    int m = Math.min(most, columns - j);
                                    double[] sums = new double[n * m];
                                    tile(rows, i, n, others, j, m, piece, sums);
                                    loops.setBlock(out, columns, i, n, j, m, sums, self);
                                })));
    }

    private record Batch(MemorySegment x, MemorySegment dy, int samples) {}

    /** Bytes of two maps of so many samples, the sums of a row, and the vectors of two sides of two batches. */
    private void with(int samples, Consumer<Workspaces> body) {
        long bytes = sizes.dtype().bytes();
        long vectors = 2
                * ((left.kind == Kind.PLAIN ? 0 : (long) samples * positions * left.size)
                        + (right.kind == Kind.PLAIN ? 0 : (long) samples * positions * right.size));
        Workspaces.with(machine, (2 * map(samples) + padded(samples * positions) + vectors) * bytes, body);
    }

    /** Elements of a map; a row more, which vectors that end behind the last row may read. */
    private long map(int samples) {
        return (samples * (long) positions + 1) * padded(samples * positions);
    }

    /** Adds the inner products of n samples from i on with m others from j on to sums [n, m]. */
    private void tile(Batch a, int i, int n, Batch b, int j, int m, MemorySegment piece, double[] sums) {
        long bytes = sizes.dtype().bytes();
        int samples = Math.max(n, m);
        long stride = padded(samples * positions);
        MemorySegment leftMap = piece;
        MemorySegment rightMap = piece.asSlice(map(samples) * bytes);
        MemorySegment row = rightMap.asSlice(map(samples) * bytes);
        MemorySegment free = row.asSlice(stride * bytes);
        boolean same = a == b && i == j;
        for (int group = 0; group < sizes.groups(); group++) {
            products(left, a.x, i, n, b.x, j, m, same, group, sizes.channels(), free, leftMap, stride);
            products(right, a.dy, i, n, b.dy, j, m, same, group, sizes.filters(), free, rightMap, stride);
            for (int r = 0; r < n; r++) {
                long at = (long) r * positions * stride * bytes;
                loops.join(leftMap.asSlice(at), rightMap.asSlice(at), stride, taps, m * positions, row);
                loops.addRuns(row, positions, m, sums, r * m);
            }
        }
    }

    private void products(
            Side side,
            MemorySegment a,
            int i,
            int n,
            MemorySegment b,
            int j,
            int m,
            boolean same,
            int group,
            int channels,
            MemorySegment free,
            MemorySegment map,
            long stride) {
        long bytes = sizes.dtype().bytes();
        MemorySegment rows;
        MemorySegment columns;
        long leading = side.size;
        if (side.kind == Kind.PLAIN) {
            leading = channels;
            rows = a.asSlice(((long) i * positions * channels + (long) group * side.size) * bytes);
            columns = b.asSlice(((long) j * positions * channels + (long) group * side.size) * bytes);
        } else {
            rows = free;
            lay(side, a, i, n, group, channels, rows);
            columns = same ? rows : free.asSlice((long) n * positions * side.size * bytes);
            if (!same) {
                lay(side, b, j, m, group, channels, columns);
            }
        }
        GemmShape shape = GemmShape.of(n * positions, m * positions, side.size, false, true)
                .withLeading(leading, leading, stride);
        gemm.run(sizes.dtype(), shape, rows, columns, map);
    }

    /** Vectors of some samples, [sample, position, size]. */
    private void lay(Side side, MemorySegment from, int first, int count, int group, int channels, MemorySegment to) {
        long bytes = sizes.dtype().bytes();
        if (side.kind == Kind.PATCHES) {
            for (int t = 0; t < count * positions; t++) {
                sizes.lay(from, first * positions + t, group, 0, side.size, to.asSlice((long) t * side.size * bytes));
            }
            return;
        }
        to.asSlice(0, (long) count * positions * side.size * bytes).fill((byte) 0);
        int gridWidth = Math.max(sizes.x().dim(2), sizes.y().dim(2));
        for (int sample = 0; sample < count; sample++) {
            for (int h = 0; h < side.height; h++) {
                for (int w = 0; w < side.width; w++) {
                    long pixel = ((long) (first + sample) * side.height + h) * side.width + w;
                    long place = (long) sample * positions + (long) h * gridWidth + w;
                    MemorySegment.copy(
                            from,
                            (pixel * channels + (long) group * side.size) * bytes,
                            to,
                            place * side.size * bytes,
                            side.size * bytes);
                }
            }
        }
    }
}
