@NullMarked
package dev.seiche.metrics.coherence;

import org.jspecify.annotations.NullMarked;
