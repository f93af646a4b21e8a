/**
 * Tail index of stochastic gradient noise: how heavy the tails of (mini-batch gradient - full gradient) are.
 *
 * <p>Notation: alpha in (0, 2] is the index of a symmetric alpha-stable law, E exp(itX) = exp(-|sigma t|^alpha). alpha = 2 is
 * N(0, 2 sigma^2), alpha = 1 is Cauchy, and E|X|^r is finite only for r below alpha. The claim that gradient noise is heavy
 * tailed: Simsekli, Sagun, Gurbuzbalaban, "A tail-index analysis of stochastic gradient noise in deep neural networks", ICML
 * 2019. Its estimator pools all coordinates as if they were draws of one law. Where their scales differ, where many are
 * exactly 0, where neighbours are correlated, it reads far below 2 on noise that is exactly Gaussian; so every reading here
 * gives that number and a corrected one, side by side, with what Gaussian noise of the same covariance would read.
 */
@NullMarked
package dev.seiche.metrics.tail;

import org.jspecify.annotations.NullMarked;
