package dev.seiche.metrics.coherence;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.confusion.ConfusionProbe;
import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.metrics.noise.NoiseScale;
import dev.seiche.metrics.noise.SignalToNoise;
import dev.seiche.metrics.statistics.Moments;
import dev.seiche.metrics.statistics.PowerLaw;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Arrays;

/**
 * Measures what the gradients of a step's samples say about each other: confusion, stiffness, coherence, noise scale, signal
 * to noise, conflicts of classes. One Gram matrix answers most of it. Of the first samples of the batch, evaluating. Stateless.
 */
public final class SampleProbe extends StatelessMetric {
    /** Pairs of mini-batches for each size, as published. */
    private static final int PAIRS = 100;

    private static final Rng KEY = Rng.seed(0).fold("batch sizes");

    private final int most;

    /**
     * @param most samples, 2 or more: work and memory grow with their square
     */
    public SampleProbe(int most, Schedule schedule, MetricSink sink) {
        super("samples", schedule, sink, Need.SAMPLE_GRADIENTS);
        if (most < 2) {
            throw new IllegalArgumentException("samples: a pair needs 2 samples, got " + most);
        }
        this.most = most;
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        SampleGradients gradients = step.perSample(most);
        if (gradients.samples() < 2) {
            return; // a last batch of one sample has no pair
        }
        double[][] gram = gradients.gram().toArray();
        Confusion all = Confusion.ofSamples(gram);
        ConfusionProbe.emit(t, "confusion/sample", all, sink);
        sink.put(t, "stiffness/sign", all.signStiffness());
        sink.put(t, "stiffness/cos", all.cosineStiffness());
        try (Scope scope = step.scope().child("samples")) {
            Batch batch = step.objective().first(gradients.samples(), scope);
            if (batch.targets().dtype() == DType.I32 && batch.targets().shape().rank() == 1) {
                int[] labels = batch.targets().toInts();
                sink.put(
                        t,
                        "stiffness/cos_within",
                        Confusion.within(gram, labels).cosineStiffness());
                sink.put(
                        t,
                        "stiffness/cos_between",
                        Confusion.between(gram, labels).cosineStiffness());
                Confusion classes = Confusion.ofSamples(classMeans(gram, labels));
                sink.put(t, "conflict/min_cos", classes.summary().min());
                sink.put(t, "conflict/negative", classes.negative());
            }
            Coherence coherence = Coherence.of(gram);
            sink.put(t, "coherence/m", coherence.mCoherence());
            sink.put(t, "coherence/alpha", coherence.alphaOfOthers());
            sink.put(t, "coherence/diversity", coherence.diversity());
            NoiseScale scale = coherence.noiseScale();
            sink.put(t, "noise/trace", scale.trace());
            sink.put(t, "noise/signal", scale.signal());
            sink.put(t, "noise/scale", scale.simple());
            sink.put(t, "noise/covariance_power", covariancePower(gram));
            SignalToNoise ratio = SignalToNoise.of(gradients, scope);
            sink.put(t, "noise/gsnr", ratio.mean());
            sink.put(t, "noise/gsnr_median", ratio.median());
            sink.put(t, "noise/normalised_variance", ratio.normalisedVariance());
        }
        for (int batch = 1; 4 * batch <= gram.length; batch *= 2) {
            Confusion pairs = new BatchPairs(batch, PAIRS).ofSamples(gram, KEY.fold(t));
            sink.put(t, "confusion/size/" + batch + "/min_cos", pairs.summary().min());
            sink.put(t, "confusion/size/" + batch + "/mean_cos", pairs.cosineStiffness());
        }
    }

    /** The eigenvalues of the covariance are those of the centred inner products, up to a factor. */
    private static double covariancePower(double[][] gram) {
        int n = gram.length;
        double[] means = Arrays.stream(gram).mapToDouble(Summary::mean).toArray();
        double all = Summary.mean(means);
        double[][] centred = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                centred[i][j] = gram[i][j] - means[i] - means[j] + all;
            }
        }
        return PowerLaw.ofRanks(SymmetricEigen.of(centred, n).values());
    }

    /** Inner products of the mean gradients of the classes that are there. */
    private static double[][] classMeans(double[][] gram, int[] labels) {
        int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
        double[][] means = new double[classes.length][classes.length];
        for (int a = 0; a < classes.length; a++) {
            for (int b = 0; b < classes.length; b++) {
                Moments products = Moments.EMPTY;
                for (int i = 0; i < gram.length; i++) {
                    for (int j = 0; j < gram.length; j++) {
                        if (labels[i] == classes[a] && labels[j] == classes[b]) {
                            products = products.plus(gram[i][j]);
                        }
                    }
                }
                means[a][b] = products.mean();
            }
        }
        return means;
    }
}
