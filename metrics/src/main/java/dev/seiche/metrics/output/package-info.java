/** What a network makes of chosen inputs: outputs and features. */
@NullMarked
package dev.seiche.metrics.output;

import org.jspecify.annotations.NullMarked;
