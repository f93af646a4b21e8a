@NullMarked
package dev.seiche.metrics.confusion;

import org.jspecify.annotations.NullMarked;
