package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The per-sample column of a rule: how samples go through the op, and what the op adds to the gradient of each sample with
 * respect to an input that all samples share. Where nothing is said about the latter, the general way is taken: one VJP
 * per sample, of a cotangent that is zero for all others. Immutable.
 */
public final class PerSample<O extends Op> {
    private final Flow<O> flow;
    private final @Nullable Split<O> split;
    /** Multiply elementwise, ignoring broadcasting; null for other ops. */
    private final @Nullable IntFunction<@Nullable LinearMap<O>> elementwise;

    private final boolean said;

    /** Where the samples that y holds at {@code axis} lie in input {@code input}. Looks at shapes only. */
    @FunctionalInterface
    public interface Flow<O extends Op> {
        SampleFlow through(Site<O> site, SampleAxis axis, int input);
    }

    /** The factors of input {@code input}, shared by all samples, of y's cotangent dy; null takes the general way. */
    @FunctionalInterface
    public interface Split<O extends Op> {
        @Nullable
        Factors<Value> split(Ops<Value> k, Site<O> site, SampleAxis axis, Value dy, int input);
    }

    private PerSample(
            Flow<O> flow,
            @Nullable Split<O> split,
            @Nullable IntFunction<@Nullable LinearMap<O>> elementwise,
            boolean said) {
        this.said = said;
        this.flow = flow;
        this.split = split;
        this.elementwise = elementwise;
    }

    static <O extends Op> PerSample<O> of(Flow<O> flow) {
        return new PerSample<>(flow, null, null, true);
    }

    static <O extends Op> PerSample<O> of(Flow<O> flow, Split<O> split) {
        return new PerSample<>(flow, split, null, true);
    }

    /** Samples go through element by element; maps as in {@link Rule#elementwise}. */
    static <O extends Op> PerSample<O> elementwise(IntFunction<@Nullable LinearMap<O>> maps) {
        return new PerSample<>(SampleFlows::broadcast, null, maps, true);
    }

    /** Samples have no meaning behind this op. */
    static <O extends Op> PerSample<O> undefined(String why) {
        return of((s, y, input) -> SampleFlow.couples(why));
    }

    /** The column of a rule to which nobody has given one. */
    static <O extends Op> PerSample<O> missing() {
        String why = "its rule does not say how samples go through it; add .perSample(...) to the row";
        return new PerSample<>((s, y, input) -> SampleFlow.couples(why), null, null, false);
    }

    boolean isSaid() {
        return said;
    }

    Flow<O> flow() {
        return flow;
    }

    Factors<Value> factorsOf(
            Ops<Value> k, Site<O> s, SampleAxis at, Value dy, int input, IntFunction<@Nullable LinearMap<O>> vjp) {
        Factors<Value> factors = split == null ? null : split.split(k, s, at, dy, input);
        if (factors != null) {
            return factors;
        }
        Shape shape = s.in(input).shape();
        if (elementwise != null) {
            Value dx = map(elementwise, input).apply(k, s, dy);
            return new Factors.Rows<>(at.summedTo(k, k.expand(dx, s.y().shape()), shape));
        }
        List<Value> rows = new ArrayList<>();
        for (int i = 0; i < at.samples(); i++) {
            rows.add(map(vjp, input).apply(k, s, at.only(k, dy, i)));
        }
        return new Factors.Rows<>(stacked(k, rows, shape));
    }

    Value rowsThrough(Ops<Value> k, Site<O> s, Value dy, int input, IntFunction<@Nullable LinearMap<O>> vjp) {
        Shape shape = s.in(input).shape();
        Shape batch = dy.shape().slice(0, 1);
        if (elementwise != null) {
            Value dx = map(elementwise, input).apply(k, s, dy);
            return SampleAxis.first(batch.dim(0)).summedTo(k, k.expand(dx, dy.shape()), shape);
        }
        if (s.op() instanceof Scale || s.op() instanceof Neg) {
            return map(vjp, input).apply(k, s, dy);
        }
        if (s.op() instanceof Reshape) {
            return k.reshape(dy, batch.concat(shape));
        }
        List<Value> rows = new ArrayList<>();
        for (int i = 0; i < batch.dim(0); i++) {
            Value row = k.reshape(k.slice(dy, 0, i, i + 1), s.y().shape());
            rows.add(map(vjp, input).apply(k, s, row));
        }
        return stacked(k, rows, shape);
    }

    private static Value stacked(Ops<Value> k, List<Value> rows, Shape shape) {
        List<Value> lifted = rows.stream()
                .map(row -> k.reshape(row, Shape.of(1).concat(shape)))
                .toList();
        return k.concat(0, lifted);
    }

    private static <O extends Op> LinearMap<O> map(IntFunction<@Nullable LinearMap<O>> maps, int input) {
        LinearMap<O> map = maps.apply(input);
        if (map == null) {
            throw new AssertionError("no derivative flows to input " + input);
        }
        return map;
    }
}
