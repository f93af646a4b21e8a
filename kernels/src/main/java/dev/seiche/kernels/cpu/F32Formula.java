package dev.seiche.kernels.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * What an {@link F32Loop} computes on a vector of each operand. With one operand, b and c hold the op's attributes; with
 * two, c holds the first. Lanes must not depend on each other.
 */
@FunctionalInterface
interface F32Formula {
    FloatVector at(FloatVector a, FloatVector b, FloatVector c);
}
