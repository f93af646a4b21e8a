package dev.seiche.autograd.sample;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A CountSketch of each sample's gradient, with its exact norm: k numbers that keep inner products in the mean, with an
 * error that is known. Charikar, Chen and Farach-Colton, "Finding frequent items in data streams", 2002.
 *
 * <p>Element c of a parameter is added to, or subtracted from, one of k buckets. Which is a function of the key, the
 * parameter's name and c alone: with b the 64 bits that {@code key.fold(name)} has for element c, the bucket is the high half
 * of b k, and the sign is + where the lowest bit of b is 0. So sketches made on different devices, in different slices and
 * at different times belong together when key, k and names are the same.
 *
 * <p>Over random keys, the inner product of two sketches has the mean {@code <x, y>} and the variance {@code (|x|^2 |y|^2 +
 * <x, y>^2 - 2 sum of x_c^2 y_c^2) / k}. Immutable.
 */
public final class Sketch {
    private final int size;
    private final double[] values;
    private final double[] squaredNorms;

    private Sketch(int size, double[] values, double[] squaredNorms) {
        this.size = size;
        this.values = values;
        this.squaredNorms = squaredNorms;
    }

    static Sketch of(GradientRows rows, List<String> names, Planner planner, int size, Rng key) {
        if (size < 1) {
            throw new IllegalArgumentException("sketch: " + size + " buckets; give at least 1");
        }
        double[] values = new double[Math.multiplyExact(rows.samples(), size)];
        double[] squares = new double[rows.samples()];
        List<int[]> places = new ArrayList<>();
        for (int leaf = 0; leaf < names.size(); leaf++) {
            long elements = rows.types().get(leaf).shape().size();
            places.add(places(Math.toIntExact(elements), size, key.fold(names.get(leaf))));
        }
        GradientRows.PassAction inOnePass = (leaf, gradients, step) -> {
            int[] mine = places.get(leaf);
            double[] all = gradients.sketch(step.ops(), step.tensor(Shape.of(mine.length), mine), size);
            for (int i = 0; i < squares.length; i++) {
                for (int b = 0; b < size; b++) {
                    values[i * size + b] += all[i * (size + 1) + b];
                }
                squares[i] += all[i * (size + 1) + size];
            }
        };
        rows.slices(planner, inOnePass, (leaf, from, slice, step) -> {
            Eager ops = step.ops();
            int[] mine = places.get(leaf);
            int n = slice.shape().dim(0);
            Tensor bucket = step.tensor(
                    Shape.of(mine.length), IntStream.of(mine).map(p -> p >> 1).toArray());
            double[] sign = IntStream.of(mine).mapToDouble(p -> 1 - 2 * (p & 1)).toArray();
            Tensor flat = ops.reshape(slice, n, mine.length);
            Tensor signed = ops.mul(flat, step.tensor(flat.dtype(), Shape.of(mine.length), sign));
            double[] sums = ops.scatterAdd(signed, bucket, 1, size).toDoubles();
            for (int i = 0; i < sums.length; i++) {
                values[from * size + i] += sums[i];
            }
            double[] lengths = ops.sum(ops.square(ops.cast(flat, DType.F64)), 1).toDoubles();
            for (int i = 0; i < n; i++) {
                squares[from + i] += lengths[i];
            }
        });
        return new Sketch(size, values, squares);
    }

    /** For each element of a parameter twice its bucket, and one more where it is subtracted. */
    private static int[] places(int elements, int size, Rng key) {
        int[] places = new int[elements];
        for (int c = 0; c < elements; c++) {
            long bits = key.bits(c);
            places[c] = 2 * (int) Math.unsignedMultiplyHigh(bits, size) + (int) (bits & 1);
        }
        return places;
    }

    /** Number of samples. */
    public int samples() {
        return squaredNorms.length;
    }

    /** Buckets of one sample. */
    public int size() {
        return size;
    }

    /** A copy of one sample's buckets. */
    public double[] row(int sample) {
        return Arrays.copyOfRange(values, sample * size, (sample + 1) * size);
    }

    /** The exact norm of one sample's gradient. */
    public double norm(int sample) {
        return Math.sqrt(squaredNorms[sample]);
    }

    /** The estimate of the inner product of a sample's gradient with one of another sketch, or of this. */
    public double inner(int sample, Sketch other, int another) {
        if (other.size != size) {
            throw new IllegalArgumentException(
                    "sketch: " + size + " and " + other.size + " buckets; make both with the same k and key");
        }
        double sum = 0;
        for (int b = 0; b < size; b++) {
            sum += values[sample * size + b] * other.values[another * size + b];
        }
        return sum;
    }

    /**
     * The estimate of the cosine: the estimated inner product over the exact norms. Not limited to [-1, 1]; NaN for a gradient
     * of length 0.
     */
    public double cosine(int sample, Sketch other, int another) {
        return inner(sample, other, another) / (norm(sample) * other.norm(another));
    }

    /**
     * The standard deviation of an estimated inner product over random keys, from above: {@code sqrt((|x|^2 |y|^2 + <x, y>^2)
     * / k)} with the estimate in place of {@code <x, y>}.
     */
    public double standardError(int sample, Sketch other, int another) {
        double inner = inner(sample, other, another);
        return Math.sqrt((squaredNorms[sample] * other.squaredNorms[another] + inner * inner) / size);
    }
}
