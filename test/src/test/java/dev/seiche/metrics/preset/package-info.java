@NullMarked
package dev.seiche.metrics.preset;

import org.jspecify.annotations.NullMarked;
