/**
 * Gradient oscillation: gradients of adjacent steps of full-batch gradient descent that point against each other.
 *
 * <p>Notation, used throughout: w_t the parameters, L_t the loss and g_t its full-batch gradient at w_t, eta the learning
 * rate, H the Hessian at w_t. Step t leads from w_t to w_{t+1}. The adjacent cosine c_t = cos(g_t, g_{t-1}) exists from
 * t = 1 on and qualifies step t: "step t oscillates" means that the gradient it follows turned against the one before.
 *
 * <p>The phenomenon: Morchdi, Zhou, Ding, Wang, "Exploring Gradient Oscillation in Deep Neural Network Training",
 * Allerton 2023. What is not fixed there (thresholds, the meaning of a share of progress) is said to be our choice where
 * it is made.
 */
@NullMarked
package dev.seiche.metrics.oscillation;

import org.jspecify.annotations.NullMarked;
