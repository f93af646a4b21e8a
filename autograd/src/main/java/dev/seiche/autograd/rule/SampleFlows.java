package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The ways that samples go through ops. In each, {@code y} says where the result holds them. */
final class SampleFlows {
    private SampleFlows() {}

    /** Each element by itself, with broadcasting: where an input is stretched along the sample's axis, it is shared. */
    static <O extends Op> SampleFlow broadcast(Site<O> s, SampleAxis y, int input) {
        return aligned(s.in(input).shape(), s.y().shape(), y);
    }

    /** Samples stay on their axis, whatever else happens. */
    static <O extends Op> SampleFlow same(Site<O> s, SampleAxis y, int input) {
        return SampleFlow.at(y);
    }

    /** Samples stay on their axis, but the op mixes elements along one axis. */
    static <O extends Op> PerSample.Flow<O> mixes(ToIntFunction<O> axis) {
        return (s, y, input) -> y.axis() == axis.applyAsInt(s.op()) ? meets(y) : SampleFlow.at(y);
    }

    /** Samples stay on their axis, but the op mixes elements along several axes. */
    static <O extends Op> PerSample.Flow<O> mixesAll(Function<O, List<Integer>> axes) {
        return (s, y, input) -> axes.apply(s.op()).contains(y.axis()) ? meets(y) : SampleFlow.at(y);
    }

    /** Images NHWC: batch and channel axes stay, windows mix the others. */
    static <O extends Op> SampleFlow images(Site<O> s, SampleAxis y, int input) {
        return y.axis() == 0 || y.axis() == 3 ? SampleFlow.at(y) : along(y);
    }

    /** Images and a convolution's weight: the batch axis of the image stays, the weight is shared. */
    static <O extends Op> SampleFlow convolution(Site<O> s, SampleAxis y, int input) {
        if (y.axis() != 0) {
            return along(y);
        }
        return input == 0 ? SampleFlow.at(y) : SampleFlow.shared();
    }

    /** The result's axes are those of the input without some. */
    static SampleFlow reduced(SampleAxis y, List<Integer> dropped) {
        int axis = y.axis();
        for (int gone : dropped) {
            if (gone <= axis) {
                axis++;
            }
        }
        return SampleFlow.at(y.on(axis));
    }

    static SampleFlow reshaped(Shape x, Shape to, SampleAxis y) {
        SampleAxis axis = y.reshaped(to, x);
        return axis == null
                ? SampleFlow.couples("reshaping " + x + " to " + to + " spreads the samples over several axes")
                : SampleFlow.at(axis);
    }

    /** Product of a[..., M, K] and b[..., K, N], each perhaps transposed. */
    static SampleFlow product(Shape in, Shape out, SampleAxis y, int input, boolean transposed) {
        int fromEnd = out.rank() - y.axis();
        if (fromEnd > 2) {
            return aligned(in.slice(0, in.rank() - 2), out.slice(0, out.rank() - 2), y);
        }
        // axis -2 of the result comes from a, axis -1 from b
        if (fromEnd == 2 - input) {
            boolean last = (input == 1) != transposed;
            return SampleFlow.at(y.on(in.rank() - (last ? 1 : 2)));
        }
        return SampleFlow.shared();
    }

    static SampleFlow along(SampleAxis y) {
        return SampleFlow.couples(mixing(y));
    }

    /** The same where elements of input and result stand in the same places. */
    private static SampleFlow meets(SampleAxis y) {
        return SampleFlow.meets(y, mixing(y));
    }

    private static String mixing(SampleAxis y) {
        return "it mixes elements along axis " + y.axis() + ", which holds the samples";
    }

    private static SampleFlow aligned(Shape in, Shape out, SampleAxis y) {
        int axis = y.axis() - (out.rank() - in.rank());
        return axis < 0 || in.dim(axis) != out.dim(y.axis()) ? SampleFlow.shared() : SampleFlow.at(y.on(axis));
    }
}
