package dev.seiche.autograd.rule;

import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of op is differentiated: its VJP, one map per input, and its JVP. Made by one of the verbs, which are the
 * vocabulary of the rule tables:
 *
 * <ul>
 *   <li>{@code elementwise(Op, map per input)}: y[i] depends on element i of each (broadcast) input. The map multiplies
 *       by the derivative; being diagonal, it is its own adjoint and serves as VJP and JVP.
 *   <li>{@code linear(Op, adjoint)}: linear in all inputs together. The JVP is the op itself.
 *   <li>{@code linearIn(input, Op, adjoint)}: linear in one input; no derivative flows to the others.
 *   <li>{@code bilinear(Op, adjoint per input)}: linear in each of the first two inputs; a third is added to the product.
 *       The JVP is the product rule.
 *   <li>{@code general(Op, vjp, jvp)}: an op of one input, both written out; further inputs only select.
 *   <li>{@code zero(Op)}: the derivative is zero wherever it exists.
 *   <li>{@code nonDifferentiable(Op, why)}: there is no derivative; asking for it throws.
 * </ul>
 *
 * In a row, {@code k} is the interpreter, {@code s} the {@link Site}: the op, its inputs {@code s.in(i)} ({@code s.x()}
 * is the first) and its result {@code s.y()}; {@code dy} is the cotangent of y, {@code t} what a map is applied to. A map
 * may ignore broadcasting: what an elementwise or bilinear map returns is summed down to its input's shape on the way
 * back and stretched to the result's on the way forward. Immutable.
 */
public final class Rule<O extends Op> {
    /** The verb a rule was made with. */
    public enum Kind {
        ELEMENTWISE,
        LINEAR,
        LINEAR_IN,
        BILINEAR,
        GENERAL,
        ZERO,
        NON_DIFFERENTIABLE
    }

    /** The tangent of the result from those of the inputs, of which at least one is not null and reaches the result. */
    @FunctionalInterface
    interface Forward<O extends Op> {
        Value apply(Ops<Value> k, Site<O> site, List<@Nullable Value> tangents);
    }

    private final Class<O> op;
    private final Kind kind;
    private final IntFunction<@Nullable LinearMap<O>> vjp;
    private final Forward<O> jvp;
    private final @Nullable LinearMap<O> fused;
    private final PerSample<O> perSample;

    private Rule(
            Class<O> op,
            Kind kind,
            IntFunction<@Nullable LinearMap<O>> vjp,
            Forward<O> jvp,
            @Nullable LinearMap<O> fused,
            PerSample<O> perSample) {
        this.op = op;
        this.kind = kind;
        this.vjp = vjp;
        this.jvp = jvp;
        this.fused = fused;
        this.perSample = perSample;
    }

    private Rule(Class<O> op, Kind kind, IntFunction<@Nullable LinearMap<O>> vjp, Forward<O> jvp) {
        this(op, kind, vjp, jvp, null, PerSample.missing());
    }

    /** Each element by itself, with broadcasting: one map per input that multiplies by the derivative; {@link #none} for no flow. */
    @SafeVarargs
    public static <O extends Op> Rule<O> elementwise(Class<O> op, @Nullable LinearMap<O>... derivatives) {
        IntFunction<@Nullable LinearMap<O>> maps = each(Arrays.asList(derivatives));
        return new Rule<>(
                op,
                Kind.ELEMENTWISE,
                summedDown(maps),
                (k, s, tangents) -> {
                    List<Value> terms = new ArrayList<>();
                    for (int i = 0; i < tangents.size(); i++) {
                        Value t = tangents.get(i);
                        LinearMap<O> map = maps.apply(i);
                        if (t != null && map != null) {
                            terms.add(k.expand(map.apply(k, s, t), s.y().shape()));
                        }
                    }
                    return sum(k, terms);
                },
                null,
                PerSample.elementwise(maps));
    }

    /** Linear in its one input: the JVP applies the op to the tangent. */
    public static <O extends Op> Rule<O> linear(Class<O> op, LinearMap<O> adjoint) {
        return linearInEach(op, i -> adjoint);
    }

    /** Linear in all of any number of inputs together: the adjoint in input i is {@code adjoints.apply(i)}. */
    public static <O extends Op> Rule<O> linearInEach(Class<O> op, IntFunction<@Nullable LinearMap<O>> adjoints) {
        return new Rule<>(op, Kind.LINEAR, adjoints, (k, s, tangents) -> {
            List<Value> in = new ArrayList<>();
            for (int i = 0; i < tangents.size(); i++) {
                Value t = tangents.get(i);
                in.add(t != null ? t : k.zerosLike(s.in(i)));
            }
            return k.apply(s.op(), in);
        });
    }

    /** Linear in input {@code input}; the others only select, and no derivative flows to them. */
    public static <O extends Op> Rule<O> linearIn(int input, Class<O> op, LinearMap<O> adjoint) {
        return new Rule<>(
                op,
                Kind.LINEAR_IN,
                i -> i == input ? adjoint : null,
                (k, s, tangents) -> k.apply(s.op(), replaced(s.in(), input, tangents.get(input))));
    }

    /** Linear in each of the first two inputs; a third one, when present, is added to their product, broadcasting. */
    @SafeVarargs
    public static <O extends Op> Rule<O> bilinear(Class<O> op, @Nullable LinearMap<O>... adjoints) {
        return new Rule<>(op, Kind.BILINEAR, summedDown(each(Arrays.asList(adjoints))), Rule::productRule);
    }

    /** An op of one input, its VJP and its JVP written out; no derivative flows to inputs after the first. */
    public static <O extends Op> Rule<O> general(Class<O> op, LinearMap<O> vjp, LinearMap<O> jvp) {
        return new Rule<>(
                op,
                Kind.GENERAL,
                i -> i == 0 ? vjp : null,
                (k, s, tangents) -> jvp.apply(k, s, present(tangents.get(0))));
    }

    /** The derivative is zero wherever it exists, to all inputs. */
    public static <O extends Op> Rule<O> zero(Class<O> op) {
        Rule<O> rule = new Rule<>(op, Kind.ZERO, i -> null, (k, s, tangents) -> {
            throw new AssertionError(s.op().name() + ": no tangent flows through it");
        });
        return rule.perSampleUndefined("no derivative flows through it");
    }

    /** There is no derivative: {@code why} completes "has no derivative: ". Thrown only when one is asked for. */
    public static <O extends Op> Rule<O> nonDifferentiable(Class<O> op, String why) {
        Rule<O> rule = new Rule<>(
                op,
                Kind.NON_DIFFERENTIABLE,
                i -> (k, s, dy) -> {
                    throw new NonDifferentiableException(s.op(), why);
                },
                (k, s, tangents) -> {
                    throw new NonDifferentiableException(s.op(), why);
                });
        return rule.perSampleUndefined("it has no derivative: " + why);
    }

    /** Stands for an input that no derivative flows to, in a row of {@link #elementwise}. */
    public static <O extends Op> @Nullable LinearMap<O> none() {
        return null;
    }

    /**
     * This rule with a faster VJP for the only input that a derivative flows to: used when the interpreter is {@link Eager}, so that nothing
     * differentiates the derivative again. It must equal the composed VJP up to rounding.
     */
    public Rule<O> fused(LinearMap<O> map) {
        return new Rule<>(op, kind, vjp, jvp, map, perSample);
    }

    /** False when nobody has said yet how samples go through this op; then they do not. */
    public boolean knowsSamples() {
        return perSample.isSaid();
    }

    /** This rule with its per-sample column: samples go through like this, and a shared input goes the general way. */
    public Rule<O> perSample(PerSample.Flow<O> flow) {
        return new Rule<>(op, kind, vjp, jvp, fused, PerSample.of(flow));
    }

    /** This rule with its per-sample column: samples go through like this, and a shared input has these factors. */
    public Rule<O> perSample(PerSample.Flow<O> flow, PerSample.Split<O> factors) {
        return new Rule<>(op, kind, vjp, jvp, fused, PerSample.of(flow, factors));
    }

    /** This rule for an op behind which samples have no meaning: {@code why} completes "couples samples: ". */
    public Rule<O> perSampleUndefined(String why) {
        return new Rule<>(op, kind, vjp, jvp, fused, PerSample.undefined(why));
    }

    /** The op record this is the rule of. */
    public Class<O> op() {
        return op;
    }

    public Kind kind() {
        return kind;
    }

    /** True when a faster VJP for plain tensors stands beside the composed one. */
    public boolean isFused() {
        return fused != null;
    }

    /** False when no derivative flows to input {@code input}, whatever the operands. */
    public boolean flowsTo(int input) {
        return vjp.apply(input) != null;
    }

    /**
     * The cotangent of one input.
     *
     * @param in the inputs of {@code op}, and {@code out} its result, as {@code ops} computed them
     * @param input index of an input that a derivative {@link #flowsTo flows to}
     * @param dy the cotangent of {@code out}, of its type
     * @return of the input's type
     * @throws NonDifferentiableException when the op has no derivative
     */
    public <T extends Value> T vjp(Ops<T> ops, O theOp, List<T> in, T out, int input, T dy) {
        LinearMap<O> map = fused != null && ops instanceof Eager ? fused : vjp.apply(input);
        if (map == null) {
            throw new AssertionError(theOp.name() + ": no derivative flows to input " + input);
        }
        Value dx = map.apply(erased(ops), new Site<>(theOp, List.copyOf(in), out), dy);
        checkType("VJP", theOp, dx, in.get(input));
        return restored(dx);
    }

    /**
     * Where samples of the result lie in input {@code input}, which a derivative {@link #flowsTo flows to}. Looks at shapes
     * only.
     */
    public <T extends Value> SampleFlow samples(O theOp, List<T> in, T out, SampleAxis at, int input) {
        return perSample.flow().through(new Site<>(theOp, List.copyOf(in), out), at, input);
    }

    /**
     * What the op adds to the gradient of each sample with respect to an input that all samples share.
     *
     * @param at where the result holds the samples
     * @param dy the cotangent of {@code out}, of its type
     */
    public <T extends Value> Factors<T> factors(
            Ops<T> ops, O theOp, List<T> in, T out, int input, SampleAxis at, T dy) {
        Site<O> site = new Site<>(theOp, List.copyOf(in), out);
        Factors<Value> factors = perSample.factorsOf(erased(ops), site, at, dy, input, vjp);
        if (!factors.shape().equals(in.get(input).shape()) || factors.samples() != at.samples()) {
            throw new AssertionError("factors of %s are of %d gradients %s, must be of %d of %s"
                    .formatted(
                            theOp,
                            factors.samples(),
                            factors.shape(),
                            at.samples(),
                            in.get(input).describe()));
        }
        @SuppressWarnings("unchecked") // for the reason given at erased()
        Factors<T> restored = (Factors<T>) (Factors<?>) factors;
        return restored;
    }

    /**
     * The cotangents of one input for several cotangents of the result at once.
     *
     * @param dy [B, out...], of out's dtype
     * @return [B, in...]
     */
    public <T extends Value> T vjpRows(Ops<T> ops, O theOp, List<T> in, T out, int input, T dy) {
        Site<O> site = new Site<>(theOp, List.copyOf(in), out);
        return restored(perSample.rowsThrough(erased(ops), site, dy, input, vjp));
    }

    /**
     * The tangent of the result, or null where it is exactly zero.
     *
     * @param tangents one per input, of its type or null for zero
     * @throws NonDifferentiableException when the op has no derivative
     */
    public <T extends Value> @Nullable T jvp(Ops<T> ops, O theOp, List<T> in, T out, List<@Nullable T> tangents) {
        List<@Nullable Value> flowing = new ArrayList<>(tangents.size());
        boolean any = false;
        for (int i = 0; i < tangents.size(); i++) {
            T t = flowsTo(i) ? tangents.get(i) : null;
            flowing.add(t);
            any |= t != null;
        }
        if (!any) {
            return null;
        }
        Value dy = jvp.apply(erased(ops), new Site<>(theOp, List.copyOf(in), out), flowing);
        checkType("JVP", theOp, dy, out);
        return restored(dy);
    }

    /**
     * Rules are written once, on {@code Ops<Value>}, for interpreters of any value type T. A rule never makes a value: all
     * it hands to the interpreter are inputs, results and cotangents of that interpreter, or what it computed from them.
     * So every Value that reaches it is a T, and every Value that it returns is one: the cast is sound.
     */
    @SuppressWarnings("unchecked")
    private static <T extends Value> Ops<Value> erased(Ops<T> ops) {
        return (Ops<Value>) (Ops<?>) ops;
    }

    /** The way back from {@link #erased}, sound for the same reason. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Value> T restored(Value value) {
        return (T) value;
    }

    private static void checkType(String what, Op op, Value derivative, Value of) {
        // an integer input has no cotangent of its own type; the op that made it will say that it has no derivative
        if (of.dtype().floating() && !derivative.type().equals(of.type())) {
            throw new AssertionError("%s of %s gave %s, must be of the type of %s"
                    .formatted(what, op, derivative.describe(), of.describe()));
        }
    }

    private static <O extends Op> IntFunction<@Nullable LinearMap<O>> each(List<@Nullable LinearMap<O>> maps) {
        return new ArrayList<>(maps)::get;
    }

    /** The same maps, their values summed down to the shape of the input that broadcasting stretched. */
    private static <O extends Op> IntFunction<@Nullable LinearMap<O>> summedDown(
            IntFunction<@Nullable LinearMap<O>> maps) {
        return i -> {
            LinearMap<O> map = maps.apply(i);
            return map == null
                    ? null
                    : (k, s, dy) -> k.sumTo(map.apply(k, s, dy), s.in(i).shape());
        };
    }

    private static <O extends Op> Value productRule(Ops<Value> k, Site<O> s, List<@Nullable Value> tangents) {
        Value addend = tangents.size() > 2 ? tangents.get(2) : null;
        List<Value> terms = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Value t = tangents.get(i);
            if (t != null) {
                List<Value> in = replaced(s.in().subList(0, 2), i, t);
                if (addend != null) {
                    in.add(addend);
                    addend = null;
                }
                terms.add(k.apply(s.op(), in));
            }
        }
        return addend != null ? k.expand(addend, s.y().shape()) : sum(k, terms);
    }

    private static List<Value> replaced(List<Value> in, int i, @Nullable Value by) {
        List<Value> out = new ArrayList<>(in);
        out.set(i, present(by));
        return out;
    }

    private static Value sum(Ops<Value> k, List<Value> terms) {
        Value total = terms.get(0);
        for (Value term : terms.subList(1, terms.size())) {
            total = k.add(total, term);
        }
        return total;
    }

    private static Value present(@Nullable Value tangent) {
        if (tangent == null) {
            throw new AssertionError("a JVP was asked for without a tangent");
        }
        return tangent;
    }
}
