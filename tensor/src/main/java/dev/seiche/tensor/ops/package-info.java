/** The user's entry to every op, by family: one default method per op, and the ops that are composed of others. */
@NullMarked
package dev.seiche.tensor.ops;

import org.jspecify.annotations.NullMarked;
