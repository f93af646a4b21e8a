package dev.seiche.metrics.output;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Linear;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Features phi(x): what the last linear layer of a network is given. Pure functions. */
public final class Features {
    private Features() {}

    /**
     * The features of some inputs [B, ...], evaluating: [B, F], or [B, T, F] where an input has positions. Born in
     * {@code scope}.
     *
     * @throws IllegalArgumentException where the network has no linear layer
     */
    public static Tensor of(BatchGradients source, ParameterVector weights, Tensor inputs, Scope scope) {
        Listening ops = new Listening(scope.ops());
        source.outputs(weights, inputs, ops, scope);
        if (ops.last == null) {
            throw new IllegalArgumentException(
                    "features: the network has no linear layer, so nothing goes into its last"
                            + " one; its parameters are " + source.network().parameters());
        }
        return ops.last;
    }

    /** |phi(x)| of these examples, Euclidean over all positions. */
    public static double[] norms(BatchGradients source, ParameterVector weights, Scope scope, int... examples) {
        try (Scope step = scope.child("features")) {
            Tensor inputs = source.data().batch(step, weights.dtype(), examples).inputs();
            double[] flat = of(source, weights, inputs, step).toDoubles();
            double[] norms = new double[examples.length];
            int width = flat.length / Math.max(1, norms.length);
            for (int i = 0; i < flat.length; i++) {
                norms[i / width] += flat[i] * flat[i];
            }
            for (int i = 0; i < norms.length; i++) {
                norms[i] = Math.sqrt(norms[i]);
            }
            return norms;
        }
    }

    /** Computes, and remembers what the last linear layer was given. */
    private static final class Listening implements Ops<Tensor> {
        private final Ops<Tensor> inner;
        private @Nullable Tensor last;

        Listening(Ops<Tensor> inner) {
            this.inner = inner;
        }

        @Override
        public Tensor apply(Op op, List<Tensor> in) {
            if (op instanceof Linear) {
                last = in.get(0);
            }
            return inner.apply(op, in);
        }

        @Override
        public Tensor lift(Tensor constant) {
            return inner.lift(constant);
        }
    }
}
