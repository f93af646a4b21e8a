/**
 * What differentiates: {@link dev.seiche.autograd.Tape} backward, {@link dev.seiche.autograd.Dual} forward. Both are
 * interpreters of the op set over another interpreter, so they stack into higher derivatives.
 */
@NullMarked
package dev.seiche.autograd;

import org.jspecify.annotations.NullMarked;
