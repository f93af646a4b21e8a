@NullMarked
package dev.seiche.metrics.output;

import org.jspecify.annotations.NullMarked;
