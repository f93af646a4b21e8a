/** The derivative of every op: one row per op record, grouped as the ops are. {@link dev.seiche.autograd.rule.Rule} holds the vocabulary. */
@NullMarked
package dev.seiche.autograd.rule;

import org.jspecify.annotations.NullMarked;
