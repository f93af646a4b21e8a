package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;

/**
 * An eigenvalue and its vector, as far as they were found.
 *
 * <p>For a symmetric operator some true eigenvalue lies within {@code residual} of {@code value}; where the nearest other
 * eigenvalue is a gap away, the error is only about residual^2 / gap.
 *
 * @param value    lambda = v'Av, in the operator's unit
 * @param vector   v, of length 1; its sign means nothing
 * @param residual |Av - lambda v|, measured with one more product, in the operator's unit; at least 0
 */
public record EigenPair(double value, ParameterVector vector, double residual) {}
