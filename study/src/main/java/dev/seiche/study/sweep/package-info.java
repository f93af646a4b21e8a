/** Sweeps: one study run for every combination of some settings, a process each, joined into one table and report. */
@NullMarked
package dev.seiche.study.sweep;

import org.jspecify.annotations.NullMarked;
