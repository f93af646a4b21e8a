/** Ready sets of metrics, and the catalogue of all that is measured. */
@NullMarked
package dev.seiche.metrics.preset;

import org.jspecify.annotations.NullMarked;
