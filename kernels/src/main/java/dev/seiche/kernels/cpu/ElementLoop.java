package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/** A loop over elements that lie side by side: {@code y[i] = f(a[i], b[i], c[i])}. */
interface ElementLoop {
    /**
     * Operands that the formula does not read may be any segment; {@code y} may be one of the operands. For formulas of
     * one operand, {@code b} is room for {@code n} elements that the loop may use.
     *
     * @param n elements, a multiple of {@link #width}: a second loop for the rest would double the code, which for long
     *     formulas is more than the compiler is willing to inline
     * @param p first attribute of the op, for formulas of one operand
     * @param q second attribute
     */
    void run(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment y, int n, double p, double q);

    /** Elements of one vector. */
    int width();
}
