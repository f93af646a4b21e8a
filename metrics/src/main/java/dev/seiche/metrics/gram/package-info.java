/**
 * Inner products of the gradients of many samples: streamed in tiles, reduced on the fly, resumable; extreme pairs by
 * screening; spectra without the matrix.
 */
@NullMarked
package dev.seiche.metrics.gram;

import org.jspecify.annotations.NullMarked;
