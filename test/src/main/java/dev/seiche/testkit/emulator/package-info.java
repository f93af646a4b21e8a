/** Builds the emulated CUDA device for tests. */
@NullMarked
package dev.seiche.testkit.emulator;

import org.jspecify.annotations.NullMarked;
