/**
 * Studies that repeat one measurement for several arms and seeds: what they share, so that a study says only what is
 * trained, what is measured, and what the numbers mean.
 */
@NullMarked
package dev.seiche.study.trial;

import org.jspecify.annotations.NullMarked;
