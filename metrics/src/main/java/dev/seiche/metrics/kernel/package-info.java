/** The empirical neural tangent kernel and how it lies to the targets. */
@NullMarked
package dev.seiche.metrics.kernel;

import org.jspecify.annotations.NullMarked;
