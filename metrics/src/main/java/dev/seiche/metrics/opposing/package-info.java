/**
 * Opposing signals: small groups of outliers whose gradients point against each other, and whose losses swing in turn while
 * the mean hardly moves. Rosenfeld and Risteski, "Outliers with opposing signals have an outsized effect on neural network
 * optimization", ICLR 2024.
 *
 * <p>The paper selects the samples of the largest change of loss in a step and sorts them by eye. What is measured here, the
 * scores and the automatic sorting, is our reading. Notation: l_i(t) is the loss of sample i before step t moves the weights,
 * d_i(t) = l_i(t) - l_i(t-1); G+ and G- are the k samples of the most positive and the most negative d_i at the step of
 * selection.
 */
@NullMarked
package dev.seiche.metrics.opposing;

import org.jspecify.annotations.NullMarked;
