/**
 * Gradient confusion: how much gradients of different samples, or mini-batches, at the same weights contradict each other.
 * Sankararaman, De, Xu, Huang, Goldstein, "The impact of neural network overparameterization on gradient confusion and
 * stochastic gradient descent", ICML 2020.
 *
 * <p>Two quantities that must not be mixed up: the bound of the definition, eta = max(0, -min of the inner products), in
 * squared units of the gradient, which vanishes as training ends; and the cosines that the paper plots, without unit, which do
 * not. Values of samples and of mini-batches are not comparable, because averaging aligns gradients.
 */
@NullMarked
package dev.seiche.metrics.confusion;

import org.jspecify.annotations.NullMarked;
