/** Coherence: how much of the gradients of samples adds up, read from their inner products. */
@NullMarked
package dev.seiche.metrics.coherence;

import org.jspecify.annotations.NullMarked;
