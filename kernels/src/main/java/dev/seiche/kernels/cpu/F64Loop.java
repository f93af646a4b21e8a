package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
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
    public int width() {
        return SPECIES.length();
    }

    @Override
    public void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q) {
        long bytes = (long) n * Double.BYTES;
        long as = Native.at(a, bytes);
        long bs = OPERANDS > 1 ? Native.at(b, bytes) : as;
        long cs = OPERANDS > 2 ? Native.at(c, bytes) : as;
        long ys = Native.at(y, bytes);
        DoubleVector first = DoubleVector.broadcast(SPECIES, p);
        DoubleVector second = DoubleVector.broadcast(SPECIES, q);
        for (long i = 0; i < bytes; i += SPECIES.vectorByteSize()) {
            DoubleVector va = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, as + i, ORDER);
            DoubleVector vb = OPERANDS > 1 ? DoubleVector.fromMemorySegment(SPECIES, Native.ALL, bs + i, ORDER) : first;
            DoubleVector vc = OPERANDS > 2
                    ? DoubleVector.fromMemorySegment(SPECIES, Native.ALL, cs + i, ORDER)
                    : OPERANDS > 1 ? first : second;
            FORMULA.at(va, vb, vc).intoMemorySegment(Native.ALL, ys + i, ORDER);
        }
    }
}
