package dev.seiche.metrics.output;

import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Inputs that no data set has, to ask a network what single features mean to it: images of one colour. Rosenfeld and Risteski
 * 2024 ask for the probability of "plane" given nothing but sky. Immutable.
 */
public final class ProbeInputs {
    private static final int SEEN = 1000;
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    private final Shape shape;
    private final TreeMap<String, double[]> inputs;

    private ProbeInputs(Shape shape, Map<String, double[]> inputs) {
        this.shape = shape;
        this.inputs = new TreeMap<>(inputs);
    }

    /**
     * These inputs.
     *
     * @param shape  of one
     * @param inputs by name, elements in row-major order
     */
    public static ProbeInputs of(Shape shape, Map<String, double[]> inputs) {
        inputs.forEach((name, values) -> {
            if (values.length != shape.size()) {
                throw new IllegalArgumentException("probe inputs: '" + name + "' has " + values.length
                        + " elements, an input of shape " + shape + " has " + shape.size());
            }
        });
        return new ProbeInputs(shape, inputs);
    }

    /**
     * Constant images for data whose channels are standardised alike in every place: {@code black} and {@code white} have in
     * each channel the smallest and the largest value of the first 1,000 examples, {@code grey} the mean; {@code red},
     * {@code green} and {@code blue} are white in one of three channels and black in the others. Inputs that are no images
     * [H, W, C] count as of one channel.
     *
     * @throws IllegalArgumentException where inputs are whole numbers, such as letters
     */
    public static ProbeInputs colours(Dataset data, Scope scope) {
        if (!data.inputs().dtype(DType.F64).floating()) {
            throw new IllegalArgumentException(
                    "probe inputs: the inputs of '" + data.name() + "' are whole numbers, which have no colour");
        }
        Shape shape = data.inputs().shape();
        int channels = shape.rank() == 3 ? shape.dim(2) : 1;
        double[] low = new double[channels];
        double[] high = new double[channels];
        double[] mean = new double[channels];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        try (Scope step = scope.child("colours")) {
            double[] values = data.first(Math.min(SEEN, data.size()))
                    .all(step, DType.F64)
                    .inputs()
                    .toDoubles();
            for (int i = 0; i < values.length; i++) {
                int c = i % channels;
                low[c] = Math.min(low[c], values[i]);
                high[c] = Math.max(high[c], values[i]);
                mean[c] += values[i] * channels / values.length;
            }
        }
        TreeMap<String, double[]> inputs = new TreeMap<>();
        inputs.put("black", constant(shape, low));
        inputs.put("grey", constant(shape, mean));
        inputs.put("white", constant(shape, high));
        for (int c = 0; channels == COLOURS.size() && c < channels; c++) {
            double[] colour = low.clone();
            colour[c] = high[c];
            inputs.put(COLOURS.get(c), constant(shape, colour));
        }
        return of(shape, inputs);
    }

    private static double[] constant(Shape shape, double... colour) {
        double[] out = new double[Math.toIntExact(shape.size())];
        for (int i = 0; i < out.length; i++) {
            out[i] = colour[i % colour.length];
        }
        return out;
    }

    /** The names in the order of the alphabet: the rows of {@link #batch}. */
    public List<String> names() {
        return List.copyOf(inputs.keySet());
    }

    /** All inputs as one batch [inputs, shape...], born in {@code scope}. */
    public Tensor batch(DType dtype, Scope scope) {
        double[] flat =
                inputs.values().stream().flatMapToDouble(DoubleStream::of).toArray();
        return scope.tensor(dtype, Shape.of(inputs.size()).concat(shape), flat);
    }
}
