/** The study that measures how the gradients of all pairs of samples lie to each other: {@code seiche gram}. */
@NullMarked
package dev.seiche.study.gram;

import org.jspecify.annotations.NullMarked;
