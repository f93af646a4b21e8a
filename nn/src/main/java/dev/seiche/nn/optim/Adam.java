package dev.seiche.nn.optim;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.MultiTensor.AdamStep;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Scale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as in PyTorch. With t counting steps from 1:
 *
 * <pre>
 * m <- beta1 m + (1 - beta1) g          v <- beta2 v + (1 - beta2) g^2
 * w <- w - rate/(1 - beta1^t) * m / (sqrt(v)/sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * Coupled weight decay adds {@code weightDecay w} to g first; decoupled decay scales w by {@code 1 - rate weightDecay} before
 * the step. Either applies to all parameters.
 *
 * @param weightDecay 0 or more
 * @param decoupled AdamW
 */
public record Adam(double beta1, double beta2, double eps, double weightDecay, boolean decoupled) implements Optimizer {
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(eps >= 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException("adam: needs betas in [0, 1), eps >= 0 and weight decay >= 0, got betas "
                    + beta1 + " and " + beta2 + ", eps " + eps + ", weight decay " + weightDecay);
        }
    }

    @Override
    public Updater start(ParameterVector weights, Scope scope) {
        return new State(weights, weights.zeros(scope), weights.zeros(scope));
    }

    private final class State implements Updater {
        private final ParameterVector weights;
        private final ParameterVector first;
        private final ParameterVector second;
        private long steps;

        State(ParameterVector weights, ParameterVector first, ParameterVector second) {
            this.weights = weights;
            this.first = first;
            this.second = second;
        }

        @Override
        public void step(ParameterVector gradient, double rate) {
            steps++;
            AdamStep numbers = numbers(rate);
            MultiTensor atOnce = weights.multiTensor();
            if (atOnce != null && gradient.multiTensor() == atOnce) {
                atOnce.adam(numbers, weights.tensors(), gradient.tensors(), first.tensors(), second.tensors());
                return;
            }
            for (int i = 0; i < weights.tensors().size(); i++) {
                try (Scope scratch = weights.get(i).scope().child("update")) {
                    step(scratch.ops(), weights.get(i), gradient.get(i), first.get(i), second.get(i), numbers);
                }
            }
        }

        private AdamStep numbers(double rate) {
            double bias1 = 1 - StrictMath.pow(beta1, (double) steps);
            double bias2 = 1 - StrictMath.pow(beta2, (double) steps);
            double coupled = decoupled ? 0 : weightDecay;
            double shrink = decoupled ? 1 - rate * weightDecay : 1;
            return new AdamStep(rate / bias1, 1 / Math.sqrt(bias2), beta1, beta2, eps, coupled, shrink);
        }

        private void step(Eager ops, Tensor w, Tensor gradient, Tensor m, Tensor v, AdamStep numbers) {
            Tensor g = gradient;
            if (numbers.shrink() != 1) {
                ops.applyInto(new Scale(numbers.shrink()), List.of(w), w);
            }
            if (numbers.weightDecay() != 0) {
                g = ops.apply(new AddScaled(numbers.weightDecay()), List.of(g, w));
            }
            average(ops, m, g, beta1);
            average(ops, v, ops.square(g), beta2);
            Tensor root = ops.shift(ops.scale(ops.sqrt(v), numbers.rootScale()), eps);
            ops.applyInto(new AddScaled(-numbers.rate()), List.of(w, ops.div(m, root)), w);
        }

        /** mean <- beta mean + (1 - beta) newest. */
        private void average(Eager ops, Tensor mean, Tensor newest, double beta) {
            ops.applyInto(new Scale(beta), List.of(mean), mean);
            ops.applyInto(new AddScaled(1 - beta), List.of(mean, newest), mean);
        }

        @Override
        public Map<String, Tensor> capture(Scope into) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            state.putAll(NamedTensors.prefixed("first/", first.keep(into).named()));
            state.putAll(NamedTensors.prefixed("second/", second.keep(into).named()));
            state.put("steps", into.scalar(DType.F64, (double) steps));
            return state;
        }

        @Override
        public void restore(Map<String, Tensor> captured) {
            first.load(NamedTensors.under("first/", captured));
            second.load(NamedTensors.under("second/", captured));
            steps = (long) NamedTensors.require(captured, "steps").item();
        }
    }
}
