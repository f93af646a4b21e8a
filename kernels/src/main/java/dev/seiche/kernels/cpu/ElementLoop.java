package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/** A loop over elements that lie side by side: {@code y[i] = f(a[i], b[i], c[i])}. */
interface ElementLoop {
    /**
     * Operands that the formula does not read may be any segment; {@code y} may be one of the operands.
     *
     * @param n elements, all of which every operand read and {@code y} must hold
     * @param p first attribute of the op, for formulas of one operand
     * @param q second attribute
     */
    void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q);
}
