@NullMarked
package dev.seiche.metrics.opposing;

import org.jspecify.annotations.NullMarked;
