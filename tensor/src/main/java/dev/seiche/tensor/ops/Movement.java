package dev.seiche.tensor.ops;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Expand;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.Slice;
import dev.seiche.tensor.op.Transpose;
import java.util.List;
import java.util.stream.IntStream;

/** Ops that move elements without computing on them. Most are views. */
public interface Movement<T extends Value> extends Elementwise<T> {
    /** The same elements under another shape; one size may be -1 and is worked out. */
    default T reshape(T x, int... dims) {
        return reshape(x, Dims.resolve(x.shape(), dims));
    }

    /** The same elements under another shape of equal size. */
    default T reshape(T x, Shape to) {
        return apply(new Reshape(to), List.of(x));
    }

    /** All axes from {@code axis} on made into one. */
    default T flatten(T x, int axis) {
        int from = x.shape().axis(axis);
        Shape tail = x.shape().slice(from, x.shape().rank());
        return reshape(x, x.shape().slice(0, from).concat(Shape.of(Math.toIntExact(tail.size()))));
    }

    /** Axis k of the result is axis {@code permutation[k]} of x. */
    default T transpose(T x, int... permutation) {
        return apply(
                new Transpose(
                        IntStream.of(permutation).map(x.shape()::axis).boxed().toList()),
                List.of(x));
    }

    /** x with two axes exchanged. */
    default T swapAxes(T x, int a, int b) {
        int[] permutation = IntStream.range(0, x.shape().rank()).toArray();
        permutation[x.shape().axis(a)] = x.shape().axis(b);
        permutation[x.shape().axis(b)] = x.shape().axis(a);
        return transpose(x, permutation);
    }

    /** Elements {@code start} (inclusive) to {@code stop} (exclusive) of one axis. */
    default T slice(T x, int axis, int start, int stop) {
        return apply(Dims.slice(x.shape(), x.shape().axis(axis), start, stop), List.of(x));
    }

    /** Every {@code step[k]}-th element from {@code start[k]} to {@code stop[k]} (exclusive) of each axis k. */
    default T slice(T x, int[] start, int[] stop, int[] step) {
        return apply(new Slice(Dims.list(start), Dims.list(stop), Dims.list(step)), List.of(x));
    }

    /** The inputs one after the other along an axis. */
    default T concat(int axis, List<T> inputs) {
        return apply(new Concat(inputs.get(0).shape().axis(axis)), inputs);
    }

    /** x in the middle of {@code value}: {@code before[k]} elements in front of axis k and {@code after[k]} behind. */
    default T pad(T x, int[] before, int[] after, double value) {
        Place place = Dims.pad(x.shape(), before, after);
        T placed = apply(place, List.of(x));
        if (value == 0.0) {
            return placed;
        }
        T inside = apply(place, List.of(onesLike(x)));
        return where(inside, placed, fill(placed.type(), value));
    }

    /** x stretched to {@code to} by broadcasting; x itself where it has that shape. */
    default T expand(T x, Shape to) {
        return x.shape().equals(to) ? x : apply(new Expand(to), List.of(x));
    }
}
