@NullMarked
package dev.seiche.metrics.gram;

import org.jspecify.annotations.NullMarked;
