/** Matrix products on off-heap memory with the Vector API, in f32 and f64. */
@NullMarked
package dev.seiche.kernels.cpu.gemm;

import org.jspecify.annotations.NullMarked;
