package dev.seiche.study.tail;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.tail.StableDistribution;
import dev.seiche.metrics.tail.TailIndex;
import dev.seiche.study.trial.Judgement;
import dev.seiche.tensor.Rng;

/** The claim on the estimator itself, judged on draws of laws whose index is known. */
final class EstimatorClaim {
    private static final double[] INDEX = {0.6, 1.0, 1.2, 1.5, 1.8, 2.0};

    /** In blocks of 100 and of 316: mean and standard deviation of the estimate in simulations elsewhere. */
    private static final double[][] MEAN = {
        {0.601, 1.000, 1.198, 1.501, 1.804, 2.002}, {0.600, 1.005, 1.206, 1.499, 1.798, 2.003}
    };

    private static final double[][] DEVIATION = {
        {0.006, 0.010, 0.014, 0.018, 0.027, 0.027}, {0.008, 0.016, 0.021, 0.024, 0.035, 0.044}
    };

    private EstimatorClaim() {}

    static Finding finding() {
        Judgement claim = Judgement.of(
                "P3.1",
                "Of 100,000 draws of stable laws the estimator reads the index: within 3 standard deviations of its simulated"
                        + " mean, in blocks of 100 and of 316.");
        boolean holds = true;
        for (int i = 0; i < INDEX.length; i++) {
            for (int blocks = 0; blocks < 2; blocks++) {
                int size = blocks == 0 ? 100 : 316;
                double[] draws = StableDistribution.of(INDEX[i])
                        .sample(Rng.seed(i).fold(size), blocks == 0 ? 100_000 : 316 * 316);
                double found = TailIndex.ofBlocks(draws, size);
                claim.with("index=" + INDEX[i] + "/blocks=" + size, found);
                holds &= Math.abs(found - MEAN[blocks][i]) <= 3 * DEVIATION[blocks][i];
            }
        }
        return claim.because(holds, "One sample of each law; other laws and defects of pooling are in the tests.");
    }
}
