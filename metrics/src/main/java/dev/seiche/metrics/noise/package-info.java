/** Gradient noise in second moments: the noise scale, the ratio of signal to noise, the normalised variance. */
@NullMarked
package dev.seiche.metrics.noise;

import org.jspecify.annotations.NullMarked;
