/** What computes: backends and their kernels. */
@NullMarked
package dev.seiche.kernels;

import org.jspecify.annotations.NullMarked;
