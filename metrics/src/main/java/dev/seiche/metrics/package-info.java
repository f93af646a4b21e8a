/** What measures: streaming metrics of gradients and curvature. */
@NullMarked
package dev.seiche.metrics;

import org.jspecify.annotations.NullMarked;
