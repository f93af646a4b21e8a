@NullMarked
package dev.seiche.metrics;

import org.jspecify.annotations.NullMarked;
