package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.general;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import java.util.List;

/** Rules of ops that normalise along an axis. k interpreter, s site, dy cotangent of y, t tangent of x; see {@link Rule}. */
final class NormRules {
    private NormRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // the Jacobian diag(y) - y yT is its own adjoint
                general(Softmax.class, NormRules::softmax, NormRules::softmax)
                        .fused((k, s, dy) -> k.apply(new SoftmaxGrad(s.op().axis()), List.of(s.y(), dy)))
                        .perSample(SampleFlows.mixes(Softmax::axis)),
                general(
                                LogSoftmax.class,
                                (k, s, dy) -> k.sub(dy, k.mul(k.exp(s.y()), k.sumKeep(dy, s.op().axis()))),
                                (k, s, t) -> k.sub(t, k.sumKeep(k.mul(k.exp(s.y()), t), s.op().axis())))
                        .fused((k, s, dy) -> k.apply(new LogSoftmaxGrad(s.op().axis()), List.of(s.y(), dy)))
                        .perSample(SampleFlows.mixes(LogSoftmax::axis)),
                general(CrossEntropy.class, NormRules::crossEntropyBack, NormRules::crossEntropyForward)
                        .fused((k, s, dy) -> k.apply(new CrossEntropyGrad(), List.of(s.x(), s.in(1), dy)))
                        .perSample(SampleFlows::same),
                // the Jacobian is its own adjoint
                general(Standardise.class, NormRules::standardise, NormRules::standardise)
                        .fused((k, s, dy) ->
                                k.apply(new StandardiseGrad(s.op().eps(), s.op().axes()), List.of(s.x(), dy)))
                        .perSample(SampleFlows.mixesAll(Standardise::axes)),
                general(Moments.class, NormRules::momentsBack, NormRules::momentsForward)
                        .perSample(NormRules::momentsOfSamples));
    }

    private static Value momentsBack(Ops<Value> k, Site<Moments> s, Value dy) {
        List<Integer> axes = s.op().axes();
        Value slope = k.mul(centred(k, s), k.scale(kept(k, s, dy, 1), 2));
        return k.scale(
                k.add(kept(k, s, dy, 0), slope),
                1.0 / axes.stream().mapToLong(axis -> s.shape().dim(axis)).reduce(1, (a, b) -> a * b));
    }

    private static Value momentsForward(Ops<Value> k, Site<Moments> s, Value t) {
        Value centred = centred(k, s);
        return k.concat(0, List.of(mean(k, s, t), mean(k, s, k.scale(k.mul(centred, t), 2))));
    }

    /** x less its mean. */
    private static Value centred(Ops<Value> k, Site<Moments> s) {
        return k.sub(s.x(), kept(k, s, s.y(), 0));
    }

    /** Row {@code moment} of y or its cotangent, with the axes that were folded back at size 1. */
    private static Value kept(Ops<Value> k, Site<Moments> s, Value y, int moment) {
        return k.reshape(k.slice(y, 0, moment, moment + 1), s.shape().reduce(s.op().axes(), true));
    }

    /** The mean of something of x's shape, as a row of y. */
    private static Value mean(Ops<Value> k, Site<Moments> s, Value v) {
        int[] axes = axes(s.op().axes());
        Value mean = axes.length == 0 ? v : k.mean(v, axes);
        return k.reshape(mean, Shape.of(1).concat(mean.shape()));
    }

    private static SampleFlow momentsOfSamples(Site<Moments> s, SampleAxis y, int input) {
        return y.axis() == 0 ? SampleFlows.along(y) : SampleFlows.reduced(y.on(y.axis() - 1), s.op().axes());
    }

    private static int[] axes(List<Integer> axes) {
        return axes.stream().mapToInt(axis -> axis).toArray();
    }

    private static Value standardise(Ops<Value> k, Site<Standardise> s, Value t) {
        int[] axes = axes(s.op().axes());
        if (axes.length == 0) {
            return k.zerosLike(t); // every element is its own mean
        }
        Value centred = k.sub(s.x(), k.meanKeep(s.x(), axes));
        Value deviation = k.sqrt(k.shift(k.meanKeep(k.square(centred), axes), s.op().eps()));
        Value along = k.mul(s.y(), k.meanKeep(k.mul(s.y(), t), axes));
        return k.div(k.sub(k.sub(t, k.meanKeep(t, axes)), along), deviation);
    }

    private static Value crossEntropyBack(Ops<Value> k, Site<CrossEntropy> s, Value dy) {
        Value rows = k.reshape(dy, dy.shape().concat(Shape.of(1)));
        return k.sub(
                k.mul(k.softmax(s.x(), -1), rows),
                k.unpick(dy, s.in(1), s.shape().dim(-1)));
    }

    private static Value crossEntropyForward(Ops<Value> k, Site<CrossEntropy> s, Value t) {
        return k.sub(k.sum(k.mul(k.softmax(s.x(), -1), t), -1), k.pick(t, s.in(1)));
    }

    private static Value softmax(Ops<Value> k, Site<Softmax> s, Value t) {
        return k.mul(s.y(), k.sub(t, k.sumKeep(k.mul(s.y(), t), s.op().axis())));
    }
}
