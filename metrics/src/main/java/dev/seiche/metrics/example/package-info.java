/** What training does with single examples: how hard they are, what they do to each other, when they are forgotten. */
@NullMarked
package dev.seiche.metrics.example;

import org.jspecify.annotations.NullMarked;
