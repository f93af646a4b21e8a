package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The f32 loop around one formula. Never used itself: {@link Loops} defines a copy of this class for each formula, in
 * which the formula is a constant. In a loop shared by many formulas the call could not be inlined, and every vector
 * would become an object (measured 50 times slower). The tail goes through the same formula under a mask.
 */
final class F32Loop implements ElementLoop {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final F32Formula FORMULA = Loops.formula(MethodHandles.lookup(), F32Formula.class);
    private static final int OPERANDS = Loops.operands(MethodHandles.lookup());

    @Override
    public void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q) {
        // slices from 0 of known size let the compiler take the bounds checks out of the loop
        long bytes = n * ValueLayout.JAVA_FLOAT.byteSize();
        MemorySegment as = a.asSlice(0, bytes);
        MemorySegment bs = OPERANDS > 1 ? b.asSlice(0, bytes) : a;
        MemorySegment cs = OPERANDS > 2 ? c.asSlice(0, bytes) : a;
        MemorySegment ys = y.asSlice(0, bytes);
        FloatVector first = FloatVector.broadcast(SPECIES, (float) p);
        FloatVector second = FloatVector.broadcast(SPECIES, (float) q);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += SPECIES.length()) {
            long at = (long) i * Float.BYTES;
            FloatVector va = FloatVector.fromMemorySegment(SPECIES, as, at, ORDER);
            FloatVector vb = OPERANDS > 1 ? FloatVector.fromMemorySegment(SPECIES, bs, at, ORDER) : first;
            FloatVector vc = OPERANDS > 2
                    ? FloatVector.fromMemorySegment(SPECIES, cs, at, ORDER)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(ys, at, ORDER);
        }
        if (whole < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, n);
            long at = (long) whole * Float.BYTES;
            FloatVector va = FloatVector.fromMemorySegment(SPECIES, as, at, ORDER, rest);
            FloatVector vb = OPERANDS > 1 ? FloatVector.fromMemorySegment(SPECIES, bs, at, ORDER, rest) : first;
            FloatVector vc = OPERANDS > 2
                    ? FloatVector.fromMemorySegment(SPECIES, cs, at, ORDER, rest)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(ys, at, ORDER, rest);
        }
    }
}
