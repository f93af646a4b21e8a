@NullMarked
package dev.seiche.metrics.kernel;

import org.jspecify.annotations.NullMarked;
