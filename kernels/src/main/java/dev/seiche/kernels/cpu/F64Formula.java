package dev.seiche.kernels.cpu;

import jdk.incubator.vector.DoubleVector;

/**
 * What an {@link F64Loop} computes on a vector of each operand. With one operand, b and c hold the op's attributes; with
 * two, c holds the first. Lanes must not depend on each other.
 */
@FunctionalInterface
interface F64Formula {
    DoubleVector at(DoubleVector a, DoubleVector b, DoubleVector c);
}
