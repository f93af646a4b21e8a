/**
 * Benchmarks beside other frameworks: {@link dev.seiche.bench.Task} says what to compute and from which numbers, a
 * {@link dev.seiche.bench.Framework} computes it, {@link dev.seiche.bench.Bench} checks that all get the same and then times
 * them.
 */
@NullMarked
package dev.seiche.bench;

import org.jspecify.annotations.NullMarked;
