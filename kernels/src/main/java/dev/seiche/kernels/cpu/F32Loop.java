package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The f32 loop around one formula. Never used itself: {@link Loops} defines a copy of this class for each formula, in
 * which the formula is a constant. In a loop shared by many formulas the call could not be inlined, and every vector
 * would become an object (measured 50 times slower).
 */
final class F32Loop implements ElementLoop {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final F32Formula FORMULA = Loops.formula(MethodHandles.lookup(), F32Formula.class);
    private static final int OPERANDS = Loops.operands(MethodHandles.lookup());

    @Override
    public int width() {
        return SPECIES.length();
    }

    @Override
    public void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q) {
        long bytes = (long) n * Float.BYTES;
        long as = Native.at(a, bytes);
        long bs = OPERANDS > 1 ? Native.at(b, bytes) : as;
        long cs = OPERANDS > 2 ? Native.at(c, bytes) : as;
        long ys = Native.at(y, bytes);
        FloatVector first = FloatVector.broadcast(SPECIES, (float) p);
        FloatVector second = FloatVector.broadcast(SPECIES, (float) q);
        for (long i = 0; i < bytes; i += SPECIES.vectorByteSize()) {
            FloatVector va = FloatVector.fromMemorySegment(SPECIES, Native.ALL, as + i, ORDER);
            FloatVector vb = OPERANDS > 1 ? FloatVector.fromMemorySegment(SPECIES, Native.ALL, bs + i, ORDER) : first;
            FloatVector vc = OPERANDS > 2
                    ? FloatVector.fromMemorySegment(SPECIES, Native.ALL, cs + i, ORDER)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(Native.ALL, ys + i, ORDER);
        }
    }
}
