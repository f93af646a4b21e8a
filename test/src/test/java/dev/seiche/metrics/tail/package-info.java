@NullMarked
package dev.seiche.metrics.tail;

import org.jspecify.annotations.NullMarked;
