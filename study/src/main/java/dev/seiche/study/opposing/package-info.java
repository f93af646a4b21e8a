/** The study of opposing signals: groups of outliers whose losses swing against each other at the edge of stability. */
@NullMarked
package dev.seiche.study.opposing;

import org.jspecify.annotations.NullMarked;
