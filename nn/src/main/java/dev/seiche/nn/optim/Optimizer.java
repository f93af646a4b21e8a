package dev.seiche.nn.optim;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;

/**
 * An update rule: how weights move along a gradient. Immutable and without state; {@link #start} makes the state. Conventions
 * are PyTorch's, so the same numbers give the same training. The learning rate comes with each step.
 */
public interface Optimizer {

    /** State for these weights, which {@link Updater#step} will change in place; born in {@code scope}. */
    Updater start(ParameterVector weights, Scope scope);

    /** {@code w <- w - rate g}: gradient descent over a full batch, SGD over mini-batches. */
    static Optimizer gradientDescent() {
        return new Sgd(0, false, 0);
    }

    /** Polyak's momentum: {@code m <- momentum m + g; w <- w - rate m}. */
    static Optimizer heavyBall(double momentum) {
        return new Sgd(momentum, false, 0);
    }

    /** {@code m <- momentum m + g; w <- w - rate (g + momentum m)}. */
    static Optimizer nesterov(double momentum) {
        return new Sgd(momentum, true, 0);
    }

    /** Betas 0.9 and 0.999, eps 1e-8. */
    static Optimizer adam() {
        return new Adam(0.9, 0.999, 1e-8, 0, false);
    }

    /** Adam with decoupled weight decay (PyTorch's default decay is 0.01). */
    static Optimizer adamW(double weightDecay) {
        return new Adam(0.9, 0.999, 1e-8, weightDecay, true);
    }
}
