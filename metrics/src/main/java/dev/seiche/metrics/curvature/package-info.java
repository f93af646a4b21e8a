/** Curvature: eigenvalues of the Hessian (or of any symmetric operator) from products with vectors alone. */
@NullMarked
package dev.seiche.metrics.curvature;

import org.jspecify.annotations.NullMarked;
