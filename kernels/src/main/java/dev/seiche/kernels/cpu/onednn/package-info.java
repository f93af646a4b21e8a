/** oneDNN, and the few system calls Seiche needs, through {@code java.lang.foreign}. Native code is called only here. */
@NullMarked
package dev.seiche.kernels.cpu.onednn;

import org.jspecify.annotations.NullMarked;
