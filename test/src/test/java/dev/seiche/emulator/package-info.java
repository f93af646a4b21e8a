@NullMarked
package dev.seiche.emulator;

import org.jspecify.annotations.NullMarked;
