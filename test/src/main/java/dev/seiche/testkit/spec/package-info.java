/** One spec per op: cases, known answers, tolerance and work, by family. */
@NullMarked
package dev.seiche.testkit.spec;

import org.jspecify.annotations.NullMarked;
