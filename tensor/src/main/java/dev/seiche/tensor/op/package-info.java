/** The op records: one file per primitive, with its formula, numerics and shape rule. */
@NullMarked
package dev.seiche.tensor.op;

import org.jspecify.annotations.NullMarked;
