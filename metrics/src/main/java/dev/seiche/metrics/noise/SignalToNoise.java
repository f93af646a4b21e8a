package dev.seiche.metrics.noise;

import dev.seiche.autograd.sample.ElementStatistics;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Signal to noise of each coordinate j over samples, r_j = E[g_j]^2 / Var[g_j] (GSNR; Liu, Jiang, Bai, Chen, Wang, ICLR
 * 2020). Coordinates without variance are left out. No unit, at least 0.
 *
 * @param ratios             r_j of each coordinate that varies
 * @param normalisedVariance sum of Var[g_j] by sum of E[g_j^2], in [0, 1]: 1 is all noise. Faghri, Duvenaud, Fleet, Ba 2020
 */
@SuppressWarnings("ArrayRecordComponent") // numeric, handed on, never compared
public record SignalToNoise(double[] ratios, double normalisedVariance) {

    /** Of the gradients of samples, 2 or more. Reads every gradient once; variances do not cancel, whatever the dtype. */
    public static SignalToNoise of(SampleGradients gradients, Scope scope) {
        try (Scope work = scope.child("signal to noise")) {
            ElementStatistics elements = gradients.elements(work);
            return of(flat(elements.mean()), flat(elements.variance()));
        }
    }

    /** From the mean and the variance of each coordinate over samples. */
    public static SignalToNoise of(double[] mean, double[] variance) {
        double[] ratios = new double[mean.length];
        int kept = 0;
        double variances = 0;
        double squares = 0;
        for (int j = 0; j < mean.length; j++) {
            variances += variance[j];
            squares += mean[j] * mean[j] + variance[j];
            if (variance[j] > 0) {
                ratios[kept++] = mean[j] * mean[j] / variance[j];
            }
        }
        return new SignalToNoise(Arrays.copyOf(ratios, kept), variances / squares);
    }

    /** The mean over coordinates: ruled by the few with little noise. */
    public double mean() {
        return Summary.mean(ratios);
    }

    public double median() {
        return Summary.median(ratios);
    }

    /** The median over coordinates of Var[g_j] / E[g_j]^2, 1/r_j. */
    public double medianRelativeVariance() {
        return 1 / median();
    }

    private static double[] flat(List<Tensor> tensors) {
        return tensors.stream()
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }
}
