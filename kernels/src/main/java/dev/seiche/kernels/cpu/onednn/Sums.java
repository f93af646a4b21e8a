package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds up the gradients of the parts of a batch. */
final class Sums {
    private static final int MOST_RANGES = 8;
    private static final long ELEMENTS_PER_RANGE = 1 << 17;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Sums() {}

    /** Adds the first {@code size} floats of all to those of the first one, in the order of the list. */
    static void addInOrder(WorkerPool pool, List<MemorySegment> sums, long size) {
        int ranges = WorkerPool.chunks(size * (sums.size() - 1), ELEMENTS_PER_RANGE, MOST_RANGES);
        pool.run(
                ranges,
                i -> addInOrder(
                        sums, WorkerPool.chunkStart(size, ranges, i), WorkerPool.chunkStart(size, ranges, i + 1)));
    }

    private static void addInOrder(List<MemorySegment> sums, long start, long end) {
        MemorySegment total = sums.getFirst();
        for (MemorySegment sum : sums.subList(1, sums.size())) {
            long i = start;
            for (; i + SPECIES.length() <= end; i += SPECIES.length()) {
                long at = i * Float.BYTES;
                FloatVector.fromMemorySegment(SPECIES, total, at, ORDER)
                        .add(FloatVector.fromMemorySegment(SPECIES, sum, at, ORDER))
                        .intoMemorySegment(total, at, ORDER);
            }
            for (; i < end; i++) {
                total.setAtIndex(JAVA_FLOAT, i, total.getAtIndex(JAVA_FLOAT, i) + sum.getAtIndex(JAVA_FLOAT, i));
            }
        }
    }
}
