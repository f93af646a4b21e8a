package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.linear;
import static dev.seiche.autograd.rule.Rule.linearInEach;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Expand;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.Slice;
import dev.seiche.tensor.op.Transpose;
import java.util.ArrayList;
import java.util.List;

/** Rules of ops that move elements: all linear. k interpreter, s site, dy cotangent of y; see {@link Rule} for the verbs. */
final class MovementRules {
    private MovementRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                linear(Copy.class, (k, s, dy) -> dy).perSample(SampleFlows::same),
                linear(Reshape.class, (k, s, dy) -> k.reshape(dy, s.shape()))
                        .perSample((s, y, i) -> SampleFlows.reshaped(s.shape(), s.op().to(), y)),
                linear(Expand.class, (k, s, dy) -> k.sumTo(dy, s.shape()))
                        .perSample(
                                SampleFlows::broadcast,
                                (k, s, y, dy, i) -> new Factors.Rows<>(y.summedTo(k, dy, s.shape()))),
                linear(Transpose.class, (k, s, dy) -> k.apply(s.op().inverse(), List.of(dy)))
                        .perSample((s, y, i) ->
                                SampleFlow.at(y.on(s.op().permutation().get(y.axis())))),
                linear(
                                Slice.class,
                                (k, s, dy) -> k.apply(
                                        new Place(s.shape(), starts(s.op().start(), s.y().shape()), s.op().step()),
                                        List.of(dy)))
                        .perSample(MovementRules::wholeAxis),
                linear(Place.class, (k, s, dy) -> k.apply(unplace(s.op(), s.shape()), List.of(dy)))
                        .perSample(MovementRules::wholeAxis),
                linearInEach(Concat.class, i -> (k, s, dy) -> {
                            int axis = s.op().axis();
                            int start = s.in().subList(0, i).stream()
                                    .mapToInt(x -> x.shape().dim(axis))
                                    .sum();
                            return k.slice(
                                    dy, axis, start, start + s.in(i).shape().dim(axis));
                        })
                        .perSample(SampleFlows.mixes(Concat::axis)));
    }

    /** Samples stay where their axis is taken, or placed, as a whole. */
    private static <O extends Op> SampleFlow wholeAxis(Site<O> s, SampleAxis y, int input) {
        int axis = y.axis();
        return s.shape().dim(axis) == s.y().shape().dim(axis)
                ? SampleFlow.at(y)
                : SampleFlow.couples("it has only some of the samples along axis " + axis);
    }

    /** The slice that takes back what {@code place} put from {@code shape} into its zeros. */
    private static Slice unplace(Place place, Shape shape) {
        List<Integer> start = starts(place.start(), shape);
        List<Integer> stop = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            int n = shape.dim(axis);
            stop.add(n == 0 ? 0 : start.get(axis) + (n - 1) * place.step().get(axis) + 1);
        }
        return new Slice(start, stop, place.step());
    }

    /** Where nothing is moved along an axis, its start may lie outside the other shape: 0 never does. */
    private static List<Integer> starts(List<Integer> start, Shape moved) {
        List<Integer> out = new ArrayList<>();
        for (int axis = 0; axis < moved.rank(); axis++) {
            out.add(moved.dim(axis) == 0 ? 0 : start.get(axis));
        }
        return out;
    }
}
