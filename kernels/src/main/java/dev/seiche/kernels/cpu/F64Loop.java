package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The f64 loop around one formula: see {@link F32Loop}.
 */
final class F64Loop implements ElementLoop {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final F64Formula FORMULA = Loops.formula(MethodHandles.lookup(), F64Formula.class);
    private static final int OPERANDS = Loops.operands(MethodHandles.lookup());

    @Override
    public void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q) {
        // slices from 0 of known size let the compiler take the bounds checks out of the loop
        long bytes = n * ValueLayout.JAVA_DOUBLE.byteSize();
        MemorySegment as = a.asSlice(0, bytes);
        MemorySegment bs = OPERANDS > 1 ? b.asSlice(0, bytes) : a;
        MemorySegment cs = OPERANDS > 2 ? c.asSlice(0, bytes) : a;
        MemorySegment ys = y.asSlice(0, bytes);
        DoubleVector first = DoubleVector.broadcast(SPECIES, p);
        DoubleVector second = DoubleVector.broadcast(SPECIES, q);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += SPECIES.length()) {
            long at = (long) i * Double.BYTES;
            DoubleVector va = DoubleVector.fromMemorySegment(SPECIES, as, at, ORDER);
            DoubleVector vb = OPERANDS > 1 ? DoubleVector.fromMemorySegment(SPECIES, bs, at, ORDER) : first;
            DoubleVector vc = OPERANDS > 2
                    ? DoubleVector.fromMemorySegment(SPECIES, cs, at, ORDER)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(ys, at, ORDER);
        }
        if (whole < n) {
            VectorMask<Double> rest = SPECIES.indexInRange(whole, n);
            long at = (long) whole * Double.BYTES;
            DoubleVector va = DoubleVector.fromMemorySegment(SPECIES, as, at, ORDER, rest);
            DoubleVector vb = OPERANDS > 1 ? DoubleVector.fromMemorySegment(SPECIES, bs, at, ORDER, rest) : first;
            DoubleVector vc = OPERANDS > 2
                    ? DoubleVector.fromMemorySegment(SPECIES, cs, at, ORDER, rest)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(ys, at, ORDER, rest);
        }
    }
}
