package dev.seiche.metrics.oscillation;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/**
 * What happens when training is restarted from a point of oscillation with a smaller learning rate. If oscillation is the
 * edge of stability at every scale, it must stop at once, the sharpness must drift up to the new 2/eta, and then it must
 * begin again; the latter only for losses and networks that keep sharpening (squared error does, late cross-entropy does
 * not). Our reading of the claim that the zigzag is seen over a wide range of scales; no published protocol was found.
 *
 * @param rate         the new learning rate
 * @param firstCosine  the mean of the first ten adjacent cosines, which pass over the step that brought the old direction
 * @param etaSharpness eta lambda_max at the first and the last measurement
 * @param resumed      the first step, from the restart, with a cosine below -0.5; -1 for never
 * @param steps        that were trained
 */
public record ScaleCheck(double rate, double firstCosine, Range etaSharpness, int resumed, int steps) {
    private static final int EARLY = 10;
    private static final double TURNED = -0.5;

    /** A quantity at the beginning and at the end. */
    public record Range(double first, double last) {}

    /**
     * Restarts copies of the weights.
     *
     * @param recipe  full-batch gradient descent, without probes of its own called oscillation or sharpness
     * @param every   steps between measurements of the sharpness
     * @param sink    hears the cosines and the sharpness too, by step from the restart
     */
    public static ScaleCheck run(
            Training recipe,
            ParameterVector weights,
            Statistics statistics,
            double rate,
            int steps,
            int every,
            Scope scope,
            MetricSink sink) {
        MetricTable table = new MetricTable();
        MetricSink both = table.and(sink);
        OscillationProbe.Options options = new OscillationProbe.Options(1, 0, null);
        try (Scope restart = scope.child("restart");
                OscillationProbe cosines =
                        new OscillationProbe(weights.parameters(), options, Rng.seed(0), restart, both);
                SharpnessProbe sharpness = SharpnessProbe.every(every, weights.parameters(), restart, both)) {
            recipe.learningRate(rate)
                    .probe(cosines)
                    .probe(sharpness)
                    .start(restart, weights.keep(restart), statistics, Rng.seed(0))
                    .run(steps);
        }
        double[] c = table.column(OscillationNames.COS, steps);
        var eta = table.column(OscillationNames.ETA_SHARPNESS);
        double early = 0;
        int resumed = -1;
        for (int t = 1; t < steps; t++) {
            early += t <= EARLY ? c[t] / Math.min(EARLY, steps - 1) : 0;
            resumed = resumed < 0 && c[t] < TURNED ? t : resumed;
        }
        return new ScaleCheck(
                rate,
                early,
                new Range(eta.firstEntry().getValue(), eta.lastEntry().getValue()),
                resumed,
                steps);
    }

    /** Whether oscillation stopped at once: gradients agree in the first steps. */
    public boolean stopped() {
        return firstCosine > 0;
    }

    /** Whether the sharpness drifted towards the new threshold. */
    public boolean sharpened() {
        return etaSharpness.last > etaSharpness.first;
    }

    /** Whether oscillation stopped, and began again later. */
    public boolean resumedLater() {
        return stopped() && resumed > EARLY;
    }
}
