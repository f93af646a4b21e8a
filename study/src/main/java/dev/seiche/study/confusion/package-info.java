/** The study of gradient confusion: do gradients of different samples and mini-batches pull against each other? */
@NullMarked
package dev.seiche.study.confusion;

import org.jspecify.annotations.NullMarked;
