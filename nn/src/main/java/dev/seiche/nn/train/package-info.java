/** The training loop, and what observes it. */
@NullMarked
package dev.seiche.nn.train;

import org.jspecify.annotations.NullMarked;
