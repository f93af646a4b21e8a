/** What weights look like by themselves, without data. */
@NullMarked
package dev.seiche.metrics.weight;

import org.jspecify.annotations.NullMarked;
