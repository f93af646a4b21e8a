package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A formula of one operand in several loops: {@code t = first(x)}, then {@code t = next(x, t)} as often as need be, and
 * {@code y} is the last. For formulas so long that the compiler gives up making one loop of them, and vectors would
 * become objects: in one loop the error function ran 15 times slower (JDK 25, which stops inlining at 18 000 nodes).
 */
record ChainedLoops(List<ElementLoop> loops) implements ElementLoop {
    ChainedLoops {
        loops = List.copyOf(loops);
    }

    /** @param b room for t */
    @Override
    public void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q) {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).run(a, b, b, i == loops.size() - 1 ? y : b, n, p, q);
        }
    }

    @Override
    public int width() {
        return loops.get(0).width();
    }
}
