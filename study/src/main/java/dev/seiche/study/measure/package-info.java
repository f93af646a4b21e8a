/** Any metrics of any training: the study {@code measure}, and what presets cost. */
@NullMarked
package dev.seiche.study.measure;

import org.jspecify.annotations.NullMarked;
