package dev.seiche.metrics.oscillation;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Stateful;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares each gradient with the last few: cosines by lag, in all and per layer. Feed it one gradient per step.
 *
 * <p>Cosine at lag k: c_t(k) = g_t.g_{t-k} / (|g_t| |g_{t-k}|), in [-1, 1], no unit; per layer the same over the layer's
 * weight and bias together. NaN where there is no gradient k steps back, or where one of the two is shorter than
 * {@value OscillationSeries#GRADIENT_FLOOR} times the first gradient (of the layer): what is left then is rounding.
 *
 * <p>Memory: one vector per lag, in a scope of its own. Work: one inner product per lag and one more. Inner products are
 * accumulated in f64. Confined to the thread of its scope.
 */
public final class GradientHistory implements Stateful, AutoCloseable {
    /**
     * What one gradient has to do with those before it.
     *
     * @param norm         |g_t|
     * @param previousNorm |g_{t-1}|; NaN for the first gradient
     * @param inner        g_t.g_{t-1}; NaN for the first gradient
     * @param lags         cosines at lag 1, 2, ...; NaN as said above
     * @param layerNorms   |g_t| by layer
     * @param layerCosines cosines at lag 1 by layer
     */
    public record Comparison(
            double norm,
            double previousNorm,
            double inner,
            List<Double> lags,
            Map<String, Double> layerNorms,
            Map<String, Double> layerCosines) {
        /** The adjacent cosine c_t. */
        public double cosine() {
            return lags.get(0);
        }
    }

    private final List<Parameter> parameters;
    private final List<String> layers;
    private final Scope home;
    private final List<ParameterVector> past = new ArrayList<>(); // gradient t is at place t mod lags
    private final double[][] pastSquares; // of each past gradient: in all, then by layer
    private double[] firstSquares;
    private long seen;

    /**
     * An empty history.
     *
     * @param parameters of the gradients to come
     * @param lags       how many steps to look back, at least 1
     * @param parent     outlives the history
     */
    public GradientHistory(List<Parameter> parameters, int lags, Scope parent) {
        if (lags < 1) {
            throw new IllegalArgumentException("gradient history: needs at least 1 lag, got " + lags);
        }
        this.parameters = List.copyOf(parameters);
        this.layers = parameters.stream().map(Parameter::layer).distinct().toList();
        this.home = parent.child("gradient history");
        this.pastSquares = new double[lags][1 + layers.size()];
        this.firstSquares = new double[1 + layers.size()];
    }

    /** Compares the next gradient with the kept ones, and keeps it. */
    public Comparison observe(ParameterVector gradient) {
        double[] squares = products(gradient, gradient);
        if (seen == 0) {
            firstSquares = squares;
        }
        int lags = pastSquares.length;
        List<Double> cosines = new ArrayList<>();
        double[] adjacent = new double[squares.length];
        Arrays.fill(adjacent, Double.NaN);
        double inner = Double.NaN;
        for (int k = 1; k <= lags; k++) {
            if (k > seen) {
                cosines.add(Double.NaN);
                continue;
            }
            int place = place(seen - k);
            double[] products = products(gradient, past.get(place));
            cosines.add(cosine(0, products, squares, pastSquares[place]));
            if (k == 1) {
                inner = products[0];
                for (int i = 0; i < adjacent.length; i++) {
                    adjacent[i] = cosine(i, products, squares, pastSquares[place]);
                }
            }
        }
        double previousNorm = seen == 0 ? Double.NaN : Math.sqrt(pastSquares[place(seen - 1)][0]);
        keep(gradient, squares);
        Map<String, Double> layerNorms = new LinkedHashMap<>();
        Map<String, Double> layerCosines = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            layerNorms.put(layers.get(i), Math.sqrt(squares[1 + i]));
            layerCosines.put(layers.get(i), adjacent[1 + i]);
        }
        return new Comparison(Math.sqrt(squares[0]), previousNorm, inner, cosines, layerNorms, layerCosines);
    }

    /** Gradients seen so far. */
    public long seen() {
        return seen;
    }

    private void keep(ParameterVector gradient, double[] squares) {
        int place = place(seen);
        if (place == past.size()) {
            past.add(gradient.keep(home));
        } else {
            past.get(place).copyFrom(gradient);
        }
        pastSquares[place] = squares;
        seen++;
    }

    private int place(long t) {
        return (int) (t % pastSquares.length);
    }

    private double cosine(int i, double[] products, double[] squares, double[] before) {
        double floor = OscillationSeries.GRADIENT_FLOOR * OscillationSeries.GRADIENT_FLOOR * firstSquares[i];
        boolean directions = squares[i] >= floor && before[i] >= floor && squares[i] > 0 && before[i] > 0;
        // rounding of the three sums could push the quotient an ulp beyond 1
        return directions ? Math.clamp(products[i] / Math.sqrt(squares[i]) / Math.sqrt(before[i]), -1, 1) : Double.NaN;
    }

    /** Inner products in all, then by layer. */
    private double[] products(ParameterVector a, ParameterVector b) {
        Map<String, Double> byLayer = a.dotByLayer(b);
        double[] products = new double[1 + layers.size()];
        for (int i = 0; i < layers.size(); i++) {
            products[1 + i] = byLayer.getOrDefault(layers.get(i), 0.0);
            products[0] += products[1 + i];
        }
        return products;
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("seen", into.scalar(DType.F64, (double) seen));
        state.put("first", into.tensor(DType.F64, Shape.of(firstSquares.length), firstSquares));
        for (int place = 0; place < past.size(); place++) {
            state.put(
                    "squares" + place, into.tensor(DType.F64, Shape.of(pastSquares[place].length), pastSquares[place]));
            state.putAll(NamedTensors.prefixed(
                    "gradient" + place + "/", past.get(place).keep(into).named()));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        seen = (long) NamedTensors.require(captured, "seen").item();
        firstSquares = NamedTensors.require(captured, "first").toDoubles();
        for (int place = 0; place < Math.min(seen, pastSquares.length); place++) {
            pastSquares[place] =
                    NamedTensors.require(captured, "squares" + place).toDoubles();
            Map<String, Tensor> tensors = NamedTensors.under("gradient" + place + "/", captured);
            if (place == past.size()) {
                past.add(ParameterVector.of(parameters, p -> home.keep(NamedTensors.require(tensors, p.name()))));
            } else {
                past.get(place).load(tensors);
            }
        }
    }

    @Override
    public void close() {
        home.close();
    }
}
