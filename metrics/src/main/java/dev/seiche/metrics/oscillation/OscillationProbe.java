package dev.seiche.metrics.oscillation;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches gradient oscillation in a training run, step by step; {@link OscillationNames} says what it emits. Meant for
 * full-batch gradient descent without momentum, weight decay or clipping: with mini-batches the cosines measure noise,
 * and with another update the prediction and the smoothness describe a step that was not taken.
 *
 * <p>It must see every step. Memory: one gradient per lag. Work per step: one inner product per lag and one more, and one
 * Hessian-vector product where the cosine is predicted.
 *
 * <pre>{@code
 * try (OscillationProbe probe = OscillationProbe.of(network.parameters(), model, row::put)) {
 *     Training.of(network, loss, data).probe(probe).start(model, DType.F32, rng).run(600);
 * }
 * }</pre>
 */
public final class OscillationProbe implements Metric {
    /**
     * What to watch beside the adjacent cosine.
     *
     * @param lags       steps to look back, 1 or more; above 1 the lag profile is emitted, for a vector of memory each
     * @param directions random directions of the spectral score; 0 for none
     * @param prediction steps at which the next cosine is predicted; null for never
     */
    public record Options(
            int lags, int directions, @Nullable Schedule prediction) {
        /** No lag profile, 4 directions, a prediction at every step. */
        public static Options defaults() {
            return new Options(1, 4, Schedule.everyStep());
        }
    }

    private final Options options;
    private final MetricSink sink;
    private final GradientHistory history;
    private final SpectralMonitor spectral;
    private long last = -1;
    private double lastRate = Double.NaN;
    private double predicted = Double.NaN;
    private double firstLoss = Double.NaN;
    private CosineTally tally = CosineTally.EMPTY;

    /**
     * A probe that has seen nothing.
     *
     * @param parameters of the network
     * @param options    what to watch
     * @param rng        key of the random directions
     * @param parent     outlives the probe
     * @param sink       takes the measurements
     */
    public OscillationProbe(List<Parameter> parameters, Options options, Rng rng, Scope parent, MetricSink sink) {
        this.options = options;
        this.sink = sink;
        this.history = new GradientHistory(parameters, options.lags(), parent);
        this.spectral =
                new SpectralMonitor(new SignSketch(rng.fold("spectral score"), Math.max(1, options.directions())));
    }

    /** With the defaults. */
    public static OscillationProbe of(List<Parameter> parameters, Scope parent, MetricSink sink) {
        return new OscillationProbe(parameters, Options.defaults(), Rng.seed(0), parent, sink);
    }

    @Override
    public String name() {
        return "oscillation";
    }

    @Override
    public Set<Need> needs() {
        return options.prediction() == null
                ? Set.of(Need.LOSS, Need.GRADIENT)
                : Set.of(Need.LOSS, Need.GRADIENT, Need.HVP);
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        if (history.seen() > 0 && t != last + 1) {
            throw new IllegalStateException("oscillation: step " + t + " follows step " + last
                    + "; adjacent gradients need every step, and a resumed run its saved state");
        }
        ParameterVector gradient = step.gradient();
        GradientHistory.Comparison now = history.observe(gradient);
        firstLoss = Double.isNaN(firstLoss) ? step.loss() : firstLoss;
        emitCosines(t, now);
        if (!Double.isNaN(predicted)) {
            sink.put(t, OscillationNames.PREDICTED_COS, predicted);
        }
        if (!Double.isNaN(now.inner())) {
            double squared = now.previousNorm() * now.previousNorm();
            double smoothness = Identities.directionalSmoothness(squared, now.inner(), lastRate);
            sink.put(t, OscillationNames.SMOOTHNESS, smoothness);
            sink.put(t, OscillationNames.ETA_SMOOTHNESS, lastRate * smoothness);
            boolean bounded = step.loss() <= OscillationSeries.LOSS_BOUND * firstLoss;
            tally = tally.plus(bounded ? now.cosine() : Double.NaN);
        }
        predicted = Double.NaN;
        if (options.prediction() != null && options.prediction().at(t)) {
            predict(step, now.norm() * now.norm());
        }
        if (options.directions() > 0) {
            double score = spectral.observe(gradient);
            if (spectral.seen() >= SpectralScore.WINDOW) {
                sink.put(t, OscillationNames.SPECTRAL, score);
            }
        }
        last = t;
        lastRate = step.rate();
    }

    private void emitCosines(long t, GradientHistory.Comparison now) {
        sink.put(t, OscillationNames.NORM, now.norm());
        now.layerNorms().forEach((layer, norm) -> sink.put(t, OscillationNames.LAYER_NORM + layer, norm));
        sink.put(t, OscillationNames.COS, now.cosine());
        now.layerCosines().forEach((layer, cosine) -> sink.put(t, OscillationNames.LAYER_COS + layer, cosine));
        for (int k = 2; k <= options.lags(); k++) {
            sink.put(t, OscillationNames.LAG_COS + k, now.lags().get(k - 1));
        }
    }

    private void predict(Step step, double squared) {
        ParameterVector product = step.hvp(step.gradient());
        double along = step.gradient().dot(product);
        sink.put(step.index(), OscillationNames.GRADIENT_CURVATURE, along / squared);
        predicted = Identities.nextCosine(squared, along, product.dot(product), step.rate());
    }

    /** Counts over the adjacent cosines so far; rows of a loss above three times the first one count as masked. */
    public CosineTally tally() {
        return tally;
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        double[] numbers = {last, lastRate, predicted, firstLoss};
        double[] counts = {tally.count(), tally.masked(), tally.min(), tally.sum()};
        double[] below = tally.below().stream().mapToDouble(Long::doubleValue).toArray();
        state.put("numbers", into.tensor(DType.F64, Shape.of(numbers.length), numbers));
        state.put("counts", into.tensor(DType.F64, Shape.of(counts.length), counts));
        state.put("below", into.tensor(DType.F64, Shape.of(below.length), below));
        state.putAll(NamedTensors.prefixed("history/", history.capture(into)));
        state.putAll(NamedTensors.prefixed("spectral/", spectral.capture(into)));
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        double[] numbers = NamedTensors.require(captured, "numbers").toDoubles();
        double[] counts = NamedTensors.require(captured, "counts").toDoubles();
        double[] below = NamedTensors.require(captured, "below").toDoubles();
        last = (long) numbers[0];
        lastRate = numbers[1];
        predicted = numbers[2];
        firstLoss = numbers[3];
        List<Long> levels = Arrays.stream(below).mapToObj(each -> (long) each).toList();
        tally = new CosineTally((long) counts[0], (long) counts[1], counts[2], counts[3], levels);
        history.restore(NamedTensors.under("history/", captured));
        spectral.restore(NamedTensors.under("spectral/", captured));
    }

    @Override
    public void close() {
        history.close();
    }
}
