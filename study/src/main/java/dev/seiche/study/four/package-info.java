/** The study that looks at one moment of training with the metrics of four papers at once. */
@NullMarked
package dev.seiche.study.four;

import org.jspecify.annotations.NullMarked;
