package dev.seiche.autograd.rule;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the samples of a batch lie in a value: along one axis, which may also hold other things. Index {@code k} of that
 * axis belongs to sample {@code (k / inner) mod samples}; the plain batch axis has {@code inner} 1 and size {@code samples}.
 * Tokens flattened from [B, T, D] to [B*T, D] have {@code inner} T.
 *
 * @param axis from the front
 * @param samples their number B, at least 1
 * @param inner how many neighbours on the axis belong to one sample
 */
public record SampleAxis(int axis, int samples, int inner) {

    /** One sample after the other along axis 0. */
    public static SampleAxis first(int samples) {
        return new SampleAxis(0, samples, 1);
    }

    /** The same order of samples along another axis. */
    SampleAxis on(int other) {
        return new SampleAxis(other, samples, inner);
    }

    /** Where the samples lie after a reshape, or null when no one axis of {@code to} holds them. */
    @Nullable
    SampleAxis reshaped(Shape from, Shape to) {
        long stride = inner * product(from, axis + 1, from.rank());
        long after = 1;
        for (int k = to.rank() - 1; k >= 0 && after > 0 && after <= stride; k--) {
            long size = to.dim(k);
            if (stride % after == 0 && size % (stride / after * samples) == 0) {
                return new SampleAxis(k, samples, Math.toIntExact(stride / after));
            }
            after *= size;
        }
        return null;
    }

    /** {@code x} as [B, positions, last axis of x], the positions in row-major order; samples not on the last axis. */
    <T extends Value> T positions(Ops<T> k, T x) {
        Shape shape = x.shape();
        int last = shape.dim(-1);
        T front = front(k, x);
        long rest = front.shape().size() / samples;
        return k.reshape(front, Shape.of(samples, last == 0 ? 0 : Math.toIntExact(rest / last), last));
    }

    /**
     * What each sample adds to a value of shape {@code to} that was broadcast to {@code dy}'s shape: dy summed over all
     * broadcast axes but the sample's, [B, to...].
     */
    <T extends Value> T summedTo(Ops<T> k, T dy, Shape to) {
        Shape y = dy.shape();
        T front = front(k, dy);
        int lead = y.rank() - to.rank();
        List<Integer> summed = new ArrayList<>();
        int at = 1;
        for (int i = 0; i < y.rank(); i++) {
            boolean stretched = i < lead || to.dim(i - lead) != y.dim(i);
            if (i == axis) {
                // outer and inner parts of the sample's axis, along which a shared value is broadcast
                summed.add(at++);
                summed.add(at++);
            } else {
                if (stretched) {
                    summed.add(at);
                }
                at++;
            }
        }
        // a sum of single elements would be a copy
        boolean nothing = summed.stream().allMatch(i -> front.shape().dim(i) == 1);
        T rows = nothing
                ? front
                : k.sum(front, summed.stream().mapToInt(Integer::intValue).toArray());
        return k.reshape(rows, Shape.of(samples).concat(to));
    }

    /** The cotangent {@code dy} of one sample alone: zero for all others. */
    <T extends Value> T only(Ops<T> k, T dy, int sample) {
        Shape y = dy.shape();
        int before = Math.toIntExact(product(y, 0, axis)) * outer(y);
        int after = Math.toIntExact(product(y, axis + 1, y.rank())) * inner;
        T split = k.reshape(dy, before, samples, after);
        T mine = k.slice(split, 1, sample, sample + 1);
        int[] ahead = {0, sample, 0};
        int[] behind = {0, samples - 1 - sample, 0};
        return k.reshape(k.pad(mine, ahead, behind, 0.0), y);
    }

    /** x as [B, axes before, outer, inner, axes behind]: the sample's axis split, and its samples moved to the front. */
    private <T extends Value> T front(Ops<T> k, T x) {
        Shape shape = x.shape();
        int[] dims = new int[shape.rank() + 2];
        int[] order = new int[dims.length];
        for (int i = 0, to = 0; i < shape.rank(); i++) {
            if (i == axis) {
                dims[to++] = outer(shape);
                dims[to++] = samples;
                dims[to++] = inner;
            } else {
                dims[to++] = shape.dim(i);
            }
        }
        order[0] = axis + 1;
        for (int i = 1; i < order.length; i++) {
            order[i] = i <= axis + 1 ? i - 1 : i;
        }
        T split = k.reshape(x, Shape.of(dims));
        return axis == 0 && dims[0] == 1 ? k.reshape(split, moved(dims, order)) : k.transpose(split, order);
    }

    private static Shape moved(int[] dims, int[] order) {
        int[] out = new int[dims.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = dims[order[i]];
        }
        return Shape.of(out);
    }

    private int outer(Shape shape) {
        return shape.dim(axis) / (samples * inner);
    }

    private static long product(Shape shape, int from, int to) {
        return shape.slice(from, to).size();
    }
}
