package dev.seiche.nn.optim;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Sub;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Momentum SGD in which the few coordinates of largest size take steps of a fixed length: {@code m <- momentum m + g}, then
 * coordinate j moves by {@code rate m_j} where |m_j| is at most a threshold, and by {@code signRatio rate sign(m_j)} above it.
 * The threshold is the size that the share {@code fraction} of all coordinates of all parameters exceeds in this step. Said to
 * track Adam closely by Rosenfeld and Risteski, ICLR 2024; the details here are ours, because theirs were not found. Not the
 * SplitSGD of Sordello and Su.
 *
 * <p>Reads all of m to the host and sorts it at each step.
 *
 * @param momentum  in [0, 1)
 * @param fraction  share of coordinates that step by sign, in [0, 1); 0 is heavy ball
 * @param signRatio length of their step, in units of the learning rate, at least 0
 */
public record SplitSgd(double momentum, double fraction, double signRatio) implements Optimizer {
    public SplitSgd {
        if (!(momentum >= 0 && momentum < 1) || !(fraction >= 0 && fraction < 1) || !(signRatio >= 0)) {
            throw new IllegalArgumentException("split sgd: needs momentum and fraction in [0, 1) and a sign ratio >= 0,"
                    + " got " + momentum + ", " + fraction + " and " + signRatio);
        }
    }

    @Override
    public Updater start(ParameterVector weights, Scope scope) {
        return new State(weights, weights.zeros(scope));
    }

    private final class State implements Updater {
        private final ParameterVector weights;
        private final ParameterVector velocity;

        State(ParameterVector weights, ParameterVector velocity) {
            this.weights = weights;
            this.velocity = velocity;
        }

        @Override
        public void step(ParameterVector gradient, double rate) {
            for (int i = 0; i < weights.tensors().size(); i++) {
                Tensor m = velocity.get(i);
                m.scope().ops().applyInto(new Scale(momentum), List.of(m), m);
                m.scope().ops().applyInto(new Add(), List.of(m, gradient.get(i)), m);
            }
            double threshold = threshold();
            for (int i = 0; i < weights.tensors().size(); i++) {
                Tensor w = weights.get(i);
                try (Scope scratch = w.scope().child("update")) {
                    Eager ops = scratch.ops();
                    Tensor m = velocity.get(i);
                    Tensor large = ops.greater(ops.abs(m), scratch.scalar(m.dtype(), threshold));
                    Tensor move = ops.where(large, ops.scale(ops.sign(m), signRatio * rate), ops.scale(m, rate));
                    ops.applyInto(new Sub(), List.of(w, move), w);
                }
            }
        }

        private double threshold() {
            double[] sizes = velocity.toDoubles();
            for (int j = 0; j < sizes.length; j++) {
                sizes[j] = Math.abs(sizes[j]);
            }
            Arrays.sort(sizes);
            int above = (int) Math.floor(fraction * sizes.length);
            return above == 0 ? Double.POSITIVE_INFINITY : sizes[sizes.length - 1 - above];
        }

        @Override
        public Map<String, Tensor> capture(Scope into) {
            return NamedTensors.prefixed("momentum/", velocity.keep(into).named());
        }

        @Override
        public void restore(Map<String, Tensor> captured) {
            velocity.load(NamedTensors.under("momentum/", captured));
        }
    }
}
