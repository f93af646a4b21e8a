/** NVIDIA GPUs as a device: memory in stream order, and a hand-written kernel for every op, compiled where it runs. */
@NullMarked
package dev.seiche.kernels.cuda;

import org.jspecify.annotations.NullMarked;
