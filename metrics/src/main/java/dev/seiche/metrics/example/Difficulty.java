package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.SampleGradients;
import java.util.Arrays;

/**
 * Scores of single examples early in training: large is hard or important. Paul, Ganguli, Dziugaite, "Deep learning on a data
 * diet", 2021. Both are expectations over initialisations: average the scores of several, example by example, with
 * {@link #average}.
 */
public final class Difficulty {
    private Difficulty() {}

    /** GraNd, |g_i|, in units of the gradient: the norm of the gradient of an example's loss. */
    public static double[] grand(SampleGradients gradients) {
        return gradients.norms();
    }

    /**
     * EL2N, |p_i - y_i|: the distance of the predicted distribution from the one-hot label. No unit, in [0, sqrt 2].
     *
     * @param logits [examples][classes], before softmax
     */
    public static double[] el2n(double[][] logits, int[] labels) {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            double top = Arrays.stream(logits[i]).max().orElse(0);
            double[] p = Arrays.stream(logits[i]).map(l -> Math.exp(l - top)).toArray();
            double all = Arrays.stream(p).sum();
            double sum = 0;
            for (int c = 0; c < p.length; c++) {
                double error = p[c] / all - (c == labels[i] ? 1 : 0);
                sum += error * error;
            }
            scores[i] = Math.sqrt(sum);
        }
        return scores;
    }

    /** The mean of each example's scores over runs. */
    public static double[] average(double[]... runs) {
        double[] mean = new double[runs[0].length];
        for (double[] run : runs) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += run[i] / runs.length;
            }
        }
        return mean;
    }
}
