/** The study of the tail index of gradient noise, and of the iterates. */
@NullMarked
package dev.seiche.study.tail;

import org.jspecify.annotations.NullMarked;
