/** The CUDA backend on the emulated device, held to the CPU's reference kernels. */
@NullMarked
package dev.seiche.cuda;

import org.jspecify.annotations.NullMarked;
