/**
 * The only place that talks to CUDA: what of the driver, NVRTC, cuBLAS and cuDNN the backend needs, with addresses as
 * numbers and errors as exceptions. JCuda is behind it.
 */
@NullMarked
package dev.seiche.kernels.cuda.driver;

import org.jspecify.annotations.NullMarked;
