/**
 * Run directories: how they are written so that a run is readable whatever ends it, and how they are read back.
 *
 * <pre>
 * run.json              what was run, where, and how it ended; replaced as a whole
 * metrics.jsonl         one row a step, append-only
 * arrays/*.safetensors  arrays, each file written as a whole
 * checkpoints/          the last two states to go on from
 * log.txt               what was told, with times
 * lock                  held by the process that writes
 * </pre>
 */
@NullMarked
package dev.seiche.study.run;

import org.jspecify.annotations.NullMarked;
