package dev.seiche.metrics.tail;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.statistics.Bootstrap;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Rng;

/**
 * Measures the tail index of gradient noise during training, published and corrected, in all and by layer; emits
 * {@link TailNames}. Needs one gradient for each mini-batch of a pass, one for each random mini-batch, and the full one.
 * Stateless between steps.
 */
public final class TailProbe extends StatelessMetric {
    private static final int DIRECTIONS = 100;

    /** Draws in a tail at least. */
    private static final int FEWEST = 40;

    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 200;
    private static final int[] VECTOR_BLOCKS = {2, 5, 10, 20, 50};

    private final BatchGradients source;
    private final Options options;
    private final Rng rng;

    /**
     * What to draw.
     *
     * @param sampling size of a mini-batch, coordinates kept
     * @param batches  random mini-batches; 64 or more, or standardising truncates tails
     * @param nulls    draws of Gaussian noise to compare with
     * @param layers   also by layer
     */
    public record Options(NoiseSampling sampling, int batches, int nulls, boolean layers) {
        /** 128 random mini-batches, 4 Gaussian draws, layers too. */
        public static Options of(int batch) {
            return new Options(NoiseSampling.of(batch), 128, 4, true);
        }
    }

    public TailProbe(BatchGradients source, Options options, Schedule schedule, Rng rng, MetricSink sink) {
        super("tail", schedule, sink, Need.MORE_GRADIENTS);
        this.source = source;
        this.options = options;
        this.rng = rng.fold("tail index");
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        Rng key = rng.fold(t);
        GradientNoise pass = options.sampling().pass(source, step.weights(), key, step.scope());
        GradientNoise noise = options.sampling().random(source, options.batches(), step.weights(), key, step.scope());
        TailReading reading = TailReading.of(noise, options.nulls(), key.fold("reading"));
        sink.put(t, TailNames.OFFICIAL, Pooling.official(pass));
        sink.put(t, TailNames.OFFICIAL_NULL, reading.officialNull());
        sink.put(t, TailNames.CORRECTED, reading.corrected());
        sink.put(t, TailNames.CORRECTED_NULL, reading.correctedNull());
        sink.put(t, TailNames.CORRECTED_NULL_SD, reading.correctedNullSd());
        sink.put(t, TailNames.COORDINATE_MEDIAN, Pooling.medianPerCoordinate(noise));
        others(t, noise, key.fold("others"));
        sink.put(t, TailNames.ZEROS, reading.zeroShare());
        sink.put(t, TailNames.KURTOSIS, reading.kurtosis());
        Normality projections = Normality.ofProjections(noise, DIRECTIONS, key.fold("projections"));
        Normality coordinates = Normality.ofCoordinates(noise, 2 * DIRECTIONS, key.fold("coordinates"));
        sink.put(t, TailNames.PROJECTIONS, projections.shapiro());
        sink.put(t, TailNames.COORDINATES, coordinates.shapiro());
        sink.put(t, TailNames.COORDINATES_HOLM, coordinates.shapiroHolm());
        if (options.layers()) {
            pass.byLayer()
                    .forEach((layer, part) -> sink.put(t, TailNames.OFFICIAL_LAYER + layer, Pooling.official(part)));
            noise.byLayer()
                    .forEach((layer, part) -> sink.put(
                            t, TailNames.CORRECTED_LAYER + layer, Pooling.corrected(part, key.fold("shuffle"))));
        }
    }

    /** Other estimators on the corrected draws, and the multivariate one on the noise itself. */
    private void others(long t, GradientNoise noise, Rng key) {
        double[] draws = Pooling.correctedDraws(noise, key);
        if (draws.length < 4 * FEWEST) {
            return;
        }
        int k1 = (int) Math.sqrt(draws.length);
        Bootstrap interval = Pooling.correctedInterval(noise, LEVEL, RESAMPLES, key);
        sink.put(t, TailNames.CORRECTED_LOW, interval.low());
        sink.put(t, TailNames.CORRECTED_HIGH, interval.high());
        sink.put(t, TailNames.ORDER, TailIndex.ofOrder(draws, k1, 0.5));
        sink.put(t, TailNames.VECTORS, TailIndex.medianOfVectors(noise.rows(), VECTOR_BLOCKS));
        int tail = Math.max(FEWEST, draws.length / 100);
        sink.put(t, TailNames.HILL, TailIndex.hill(draws, tail));
        sink.put(t, TailNames.PICKANDS, TailIndex.pickands(draws, tail / 4));
        sink.put(t, TailNames.CHARACTERISTIC, CharacteristicFit.of(draws).alpha());
    }
}
