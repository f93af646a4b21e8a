@NullMarked
package dev.seiche.metrics.curvature;

import org.jspecify.annotations.NullMarked;
