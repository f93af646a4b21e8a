/**
 * Configuration: records bound strictly from YAML and {@code key=value} overrides.
 *
 * <p>Components of a record are the keys; nested records give dotted keys. Nothing is guessed: an unknown key, a value
 * of another type or out of range, a key given twice and a missing key are errors that say where they stand.
 */
@NullMarked
package dev.seiche.study.config;

import org.jspecify.annotations.NullMarked;
