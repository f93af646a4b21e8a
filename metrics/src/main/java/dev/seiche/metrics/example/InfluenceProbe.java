package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.curvature.ConjugateGradient;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.curvature.LinearSolver;
import dev.seiche.metrics.curvature.Lissa;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;

/**
 * Measures {@link Influence} of the first examples on a few of them, with the Gauss-Newton matrix of the step's loss, which is
 * positive where training has not ended. Emits {@code influence/self_mean} and so on. Stateless.
 */
public final class InfluenceProbe extends StatelessMetric {
    private final BatchGradients source;
    private final Options options;

    /**
     * How much to spend.
     *
     * @param examples whose influence is measured, the first ones
     * @param targets  on whom, the first of them: a solution each
     * @param solver   conjugate gradients take the matrix of the step's loss, {@link Lissa} that of all examples, some at a
     *                 time
     */
    public record Options(int examples, int targets, LinearSolver solver) {
        /** 64 examples on 4 of them; damping 0.01, at most 50 products, residual 1e-3. */
        public static Options defaults() {
            return new Options(64, 4, new ConjugateGradient(0.01, 50, 1e-3));
        }
    }

    public InfluenceProbe(BatchGradients source, Options options, Schedule schedule, MetricSink sink) {
        super("influence", schedule, sink, Need.SAMPLE_GRADIENTS, Need.HVP);
        this.source = source;
        this.options = options;
    }

    @Override
    public void observe(Step step) {
        int[] examples = source.first(options.examples());
        int targets = Math.min(options.targets(), examples.length);
        double[][] values = new double[examples.length][targets];
        double residual = 0;
        try (Scope scope = step.scope().child("influence")) {
            ParameterVector w = step.weights();
            SampleGradients gradients = source.samples(w, scope, examples);
            LinearOperator curvature = options.solver() instanceof Lissa
                    ? Influence.gaussNewton(source, w)
                    : (v, into) -> step.objective().gaussNewton(w, v, into);
            for (int k = 0; k < targets; k++) {
                try (Scope one = scope.child("target")) {
                    double[] chosen = new double[examples.length];
                    chosen[k] = 1;
                    ParameterVector target = ParameterVector.of(w.parameters(), gradients.weighted(chosen, one));
                    Influence influence = Influence.on(target, curvature, options.solver(), one);
                    double[] on = influence.of(gradients);
                    for (int i = 0; i < on.length; i++) {
                        values[i][k] = on[i];
                    }
                    residual = Math.max(residual, influence.solution().residual());
                }
            }
        }
        PairMeans.of(values, source.labels(examples)).emit(step.index(), "influence", sink);
        sink.put(step.index(), "influence/residual", residual);
    }
}
