package dev.seiche.autograd.sample;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

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
        try (Scope hashes = rows.scope().child("sketch")) {
            Tensor[] buckets = new Tensor[names.size()];
            Tensor[] signs = new Tensor[names.size()];
            for (int leaf = 0; leaf < buckets.length; leaf++) {
                TensorType type = rows.types().get(leaf);
                int elements = Math.toIntExact(type.shape().size());
                int[] bucket = new int[elements];
                double[] sign = new double[elements];
                Rng mine = key.fold(names.get(leaf));
                for (int c = 0; c < elements; c++) {
                    long bits = mine.bits(c);
                    bucket[c] = (int) Math.unsignedMultiplyHigh(bits, size);
                    sign[c] = (bits & 1) == 0 ? 1 : -1;
                }
                buckets[leaf] = hashes.tensor(Shape.of(elements), bucket);
                signs[leaf] = hashes.tensor(type.dtype(), Shape.of(elements), sign);
            }
            rows.slices(planner, (leaf, from, slice, step) -> {
                int n = slice.shape().dim(0);
                Tensor flat = step.ops()
                        .reshape(slice, n, Math.toIntExact(slice.shape().size() / Math.max(1, n)));
                Tensor signed = step.ops().mul(flat, signs[leaf]);
                double[] sums =
                        step.ops().scatterAdd(signed, buckets[leaf], 1, size).toDoubles();
                for (int i = 0; i < sums.length; i++) {
                    values[from * size + i] += sums[i];
                }
                Tensor wide = step.ops().cast(flat, DType.F64);
                double[] lengths = step.ops().sum(step.ops().square(wide), 1).toDoubles();
                for (int i = 0; i < n; i++) {
                    squares[from + i] += lengths[i];
                }
            });
        }
        return new Sketch(size, values, squares);
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
