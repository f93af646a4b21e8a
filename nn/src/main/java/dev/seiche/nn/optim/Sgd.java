package dev.seiche.nn.optim;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.MultiTensor.SgdStep;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AddScaled;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gradient descent with optional momentum, as in PyTorch: {@code d = g + weightDecay w; m <- momentum m + d; w <- w - rate m},
 * where m starts at 0, and Nesterov moves along {@code d + momentum m} instead of m. The decay is coupled (L2): it goes
 * through the momentum and applies to all parameters.
 *
 * @param momentum in [0, 1); 0 keeps no state
 * @param weightDecay 0 or more; adds {@code weightDecay/2 |w|^2} to the loss
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements Optimizer {
    public Sgd {
        if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException("sgd: needs momentum in [0, 1) and weight decay >= 0, got momentum "
                    + momentum + " and weight decay " + weightDecay);
        }
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("sgd: Nesterov needs a momentum above 0");
        }
    }

    public Sgd withWeightDecay(double decay) {
        return new Sgd(momentum, nesterov, decay);
    }

    @Override
    public Updater start(ParameterVector weights, Scope scope) {
        return new State(weights, momentum == 0 ? null : weights.zeros(scope));
    }

    private final class State implements Updater {
        private final ParameterVector weights;
        private final @Nullable ParameterVector velocity;

        State(ParameterVector weights, @Nullable ParameterVector velocity) {
            this.weights = weights;
            this.velocity = velocity;
        }

        @Override
        public void step(ParameterVector gradient, double rate) {
            MultiTensor atOnce = weights.multiTensor();
            if (atOnce != null
                    && gradient.multiTensor() == atOnce
                    && atOnce.sgd(
                            new SgdStep(rate, momentum, nesterov, weightDecay),
                            weights.tensors(),
                            gradient.tensors(),
                            velocity == null ? List.of() : velocity.tensors())) {
                return;
            }
            for (int i = 0; i < weights.tensors().size(); i++) {
                Tensor w = weights.get(i);
                try (Scope scratch = w.scope().child("update")) {
                    Eager ops = scratch.ops();
                    Tensor g = gradient.get(i);
                    Tensor d = weightDecay == 0 ? g : ops.apply(new AddScaled(weightDecay), List.of(g, w));
                    if (velocity != null) {
                        Tensor m = velocity.get(i);
                        ops.applyInto(new AddScaled(momentum), List.of(d, m), m);
                        d = nesterov ? ops.apply(new AddScaled(momentum), List.of(d, m)) : m;
                    }
                    ops.applyInto(new AddScaled(-rate), List.of(w, d), w);
                }
            }
        }

        @Override
        public Map<String, Tensor> capture(Scope into) {
            return velocity == null
                    ? Map.of()
                    : NamedTensors.prefixed("momentum/", velocity.keep(into).named());
        }

        @Override
        public void restore(Map<String, Tensor> captured) {
            if (velocity != null) {
                velocity.load(NamedTensors.under("momentum/", captured));
            }
        }
    }
}
