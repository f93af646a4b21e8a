package dev.seiche.study.opposing;

import dev.seiche.metrics.opposing.TwoLayerLinear;
import dev.seiche.study.trial.Workbench;
import java.util.Collections;
import java.util.List;

/**
 * Gradient descent on the two-layer linear model: |beta| = 5 over 10 features, outlier strength 100, probability 0.01, from
 * c = 0.5 and small b and q. Nothing is random.
 */
final class ToyModel {
    private static final int FEATURES = 10;
    private static final double STRENGTH = 100;
    private static final double PROBABILITY = 0.01;
    private static final double LENGTH = 5;
    private static final double FIRST_SCALE = 0.5;

    /** First b, along beta, and first q: small, so that the start is nearly balanced and the outliers are felt. */
    private static final double FIRST_B = 0.01;

    private static final double FIRST_Q = 0.1;

    /** A loss beyond this many times the first one has diverged. */
    private static final double BOUND = 1e6;

    private ToyModel() {}

    static void run(double rate, int steps, Workbench bench) {
        double each = LENGTH / Math.sqrt(FEATURES);
        List<Double> beta = Collections.nCopies(FEATURES, each);
        List<Double> b = Collections.nCopies(FEATURES, FIRST_B * each / LENGTH);
        TwoLayerLinear model =
                new TwoLayerLinear(STRENGTH, PROBABILITY, beta, new TwoLayerLinear.State(b, FIRST_Q, FIRST_SCALE));
        double first = model.loss();
        double firstSharpness = model.sharpness();
        double lowest = firstSharpness;
        double peak = firstSharpness;
        int flips = 0;
        int every = Math.max(1, steps / 500);
        boolean diverged = false;
        for (int t = 0; t < steps && !diverged; t++) {
            if (t % every == 0) {
                double sharpness = model.sharpness();
                peak = Math.max(peak, sharpness);
                lowest = Math.min(lowest, sharpness);
                bench.put(t, "loss", model.loss());
                bench.put(t, "eta_sharpness", rate * sharpness);
                bench.put(t, "toy/plus", model.groupLoss(1));
                bench.put(t, "toy/minus", model.groupLoss(-1));
            }
            TwoLayerLinear next = model.descend(rate);
            flips += next.state().q() * model.state().q() < 0 ? 1 : 0;
            model = next;
            diverged = !(model.loss() < BOUND * first);
        }
        bench.number("toy_diverged", diverged ? 1 : 0);
        bench.number("toy_flips", flips / (double) steps);
        bench.number("toy_sharpness_first", firstSharpness);
        bench.number("toy_sharpness_lowest", lowest);
        bench.number("toy_sharpness_peak", peak);
        bench.number("toy_sharpness_last", diverged ? Double.NaN : model.sharpness());
        bench.number("toy_last_loss", diverged ? Double.NaN : model.loss());
        bench.number("toy_limit", 2 / rate);
    }
}
