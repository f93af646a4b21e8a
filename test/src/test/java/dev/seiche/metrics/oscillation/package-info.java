@NullMarked
package dev.seiche.metrics.oscillation;

import org.jspecify.annotations.NullMarked;
