/**
 * {@code bench/gpu}: ours beside cuBLAS and cuDNN on a GPU. {@link dev.seiche.bench.gpu.GpuCatalogue} says what is computed,
 * {@link dev.seiche.bench.gpu.GpuBench} holds every answer to the CPU's and then times it.
 */
@NullMarked
package dev.seiche.bench.gpu;

import org.jspecify.annotations.NullMarked;
