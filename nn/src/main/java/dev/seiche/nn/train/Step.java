package dev.seiche.nn.train;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.Evaluation;
import dev.seiche.nn.Measurement;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training step as probes see it: the weights before they move, and the loss and gradient there. Its tensors live until
 * the step ends.
 */
public final class Step {
    private final long index;
    private final double rate;
    private final Objective objective;
    private final ParameterVector weights;
    private final Evaluation evaluation;
    private final Scope scope;
    private double gradientNorm = Double.NaN;
    private boolean stopRequested;
    private @Nullable ParameterVector gradientProduct;
    private final Map<Integer, SampleGradients> samples = new HashMap<>();

    Step(long index, double rate, Objective objective, ParameterVector weights, Evaluation evaluation, Scope scope) {
        this.index = index;
        this.rate = rate;
        this.objective = objective;
        this.weights = weights;
        this.evaluation = evaluation;
        this.scope = scope;
    }

    /** Counts from 0. */
    public long index() {
        return index;
    }

    /** The learning rate of the move that follows. */
    public double rate() {
        return rate;
    }

    /** The mean loss of this step's batch. */
    public double loss() {
        return evaluation.loss();
    }

    /** Losses of the samples of this step's batch, and the accuracy on it. */
    public Measurement measurement() {
        return evaluation.measurement();
    }

    /** Before the move. The very weights that training changes: do not keep them, keep a copy. */
    public ParameterVector weights() {
        return weights;
    }

    /** Of this step's batch, not clipped. */
    public ParameterVector gradient() {
        return evaluation.gradient();
    }

    /** The Euclidean norm of the gradient; computed once. */
    public double gradientNorm() {
        if (Double.isNaN(gradientNorm)) {
            gradientNorm = gradient().norm();
        }
        return gradientNorm;
    }

    /** The loss of this step's batch as a function of the weights. */
    public Objective objective() {
        return objective;
    }

    /**
     * The Hessian of this step's loss at these weights times {@code direction}, born in the step's scope. The product with
     * {@link #gradient} is computed once, whoever asks for it.
     */
    public ParameterVector hvp(ParameterVector direction) {
        if (direction != evaluation.gradient()) {
            return objective.hvp(weights, direction, scope);
        }
        if (gradientProduct == null) {
            gradientProduct = objective.hvp(weights, direction, scope);
        }
        return gradientProduct;
    }

    /**
     * The gradients of the losses of the first samples of this step's batch, as {@link Objective#perSample}; computed once
     * for each number of samples, whoever asks.
     *
     * @param most samples; fewer if the batch has no more
     */
    public SampleGradients perSample(int most) {
        int count = Math.min(most, objective.samples());
        SampleGradients known = samples.get(count);
        if (known == null) {
            known = objective.perSample(weights, count, scope);
            samples.put(count, known);
        }
        return known;
    }

    /** Closes when the step ends. */
    public Scope scope() {
        return scope;
    }

    /** Asks the trainer to stop after this step. */
    public void requestStop() {
        stopRequested = true;
    }

    boolean isStopRequested() {
        return stopRequested;
    }
}
