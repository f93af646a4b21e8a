@NullMarked
package dev.seiche.bench.gpu;

import org.jspecify.annotations.NullMarked;
