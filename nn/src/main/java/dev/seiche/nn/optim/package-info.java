/** How weights move: update rules with their state, learning rates over time, gradient clipping. */
@NullMarked
package dev.seiche.nn.optim;

import org.jspecify.annotations.NullMarked;
