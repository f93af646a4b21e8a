/** Statistics that several metrics need: summaries, tests of normality, densities, bootstrap. Plain numbers in, plain numbers out. */
@NullMarked
package dev.seiche.metrics.statistics;

import org.jspecify.annotations.NullMarked;
