@NullMarked
package dev.seiche.metrics.landscape;

import org.jspecify.annotations.NullMarked;
