/** Programs that the documentation shows, compiled and run. */
@NullMarked
package dev.seiche.examples;

import org.jspecify.annotations.NullMarked;
