package dev.seiche.metrics.curvature;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/**
 * Measures the bulk of the curvature of a step's loss: traces of the Hessian, the Gauss-Newton and the empirical Fisher matrix,
 * moments and quantiles of the Hessian's spectral density, the curvature along the gradient. Extremes are in
 * {@link SharpnessProbe}. Stateless.
 */
public final class CurvatureProbe extends StatelessMetric {
    /** Of the density, in per cent. */
    private static final int[] QUANTILES = {1, 10, 50, 90, 99};

    private final Options options;
    private final Rng rng;

    /**
     * How much to spend.
     *
     * @param traceProducts   products for each trace, 3 or more
     * @param densitySteps    Lanczos steps for each probe of the density, and vectors of memory
     * @param densityProbes   probes of the density; 0 for none
     */
    public record Options(int traceProducts, int densitySteps, int densityProbes) {
        /** 24 products for each trace, a density of 3 probes of 20 steps. */
        public static Options defaults() {
            return new Options(24, 20, 3);
        }
    }

    public CurvatureProbe(Options options, Schedule schedule, Rng rng, MetricSink sink) {
        super("curvature", schedule, sink, Need.GRADIENT, Need.HVP);
        this.options = options;
        this.rng = rng.fold("curvature");
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        Rng key = rng.fold(t);
        ParameterVector w = step.weights();
        try (Scope scope = step.scope().child("curvature")) {
            LinearOperator hessian = (v, into) -> step.objective().hvp(w, v, into);
            LinearOperator gaussNewton = (v, into) -> step.objective().gaussNewton(w, v, into);
            int products = options.traceProducts();
            HessianTrace trace = HessianTrace.hutchPlusPlus(hessian, w, products, key.fold("trace"), scope);
            sink.put(t, "hessian/trace", trace.trace());
            sink.put(t, "hessian/trace_error", trace.standardError());
            sink.put(
                    t,
                    "gauss_newton/trace",
                    HessianTrace.hutchPlusPlus(gaussNewton, w, products, key.fold("gauss newton"), scope)
                            .trace());
            HessianTrace plain = HessianTrace.hutchinson(hessian, w, products, key.fold("hutchinson"), scope);
            sink.put(t, "hessian/trace_hutchinson", plain.trace());
            sink.put(t, "hessian/trace_hutchinson_error", plain.standardError());
            LinearOperator fisher = (v, into) -> step.objective().empiricalFisher(w, v, into);
            sink.put(t, "gauss_newton/top", top(gaussNewton, w, key.fold("top"), scope));
            sink.put(t, "fisher/top", top(fisher, w, key.fold("top"), scope));
            sink.put(
                    t,
                    "fisher/trace",
                    HessianTrace.hutchPlusPlus(fisher, w, products, key.fold("fisher"), scope)
                            .trace());
            ParameterVector g = step.gradient();
            sink.put(t, "sharpness/directional", g.dot(step.hvp(g)) / g.dot(g));
            if (options.densityProbes() > 0) {
                int steps = options.densitySteps();
                SpectralDensity density =
                        SpectralDensity.of(hessian, w, steps, options.densityProbes(), key.fold("density"), scope);
                sink.put(t, "hessian/second_moment", density.moment(2));
                sink.put(t, "hessian/negative_share", 1 - density.shareAbove(0));
                for (int percent : QUANTILES) {
                    sink.put(t, "hessian/quantile/" + percent, density.quantile(percent / 100.0));
                }
            }
        }
    }

    private static double top(LinearOperator operator, ParameterVector like, Rng key, Scope scope) {
        return Lanczos.largest(1)
                .withTolerance(1e-3)
                .solve(operator, like, key, scope)
                .top();
    }
}
