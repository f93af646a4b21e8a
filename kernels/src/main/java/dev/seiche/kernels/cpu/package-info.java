/** The CPU backend: off-heap memory and its kernels, from plain loops to vector and native code. */
@NullMarked
package dev.seiche.kernels.cpu;

import org.jspecify.annotations.NullMarked;
