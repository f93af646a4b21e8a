/** PyTorch under two Java front ends. Compiled with the Maven profile {@code peers} only. */
@NullMarked
package dev.seiche.bench.peers;

import org.jspecify.annotations.NullMarked;
