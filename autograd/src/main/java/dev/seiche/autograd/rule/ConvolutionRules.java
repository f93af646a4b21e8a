package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.bilinear;
import static dev.seiche.autograd.rule.Rule.general;
import static dev.seiche.autograd.rule.Rule.linear;
import static dev.seiche.autograd.rule.Rule.linearIn;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import java.util.List;

/**
 * Rules of convolution and pooling. The three convolutions are the partial adjoints of one trilinear form
 * {@code sum over y conv(x, w)}, so they differentiate into each other. k interpreter, s site, dy cotangent of the
 * result, t tangent; see {@link Rule} for the verbs.
 */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // x, w
                bilinear(
                                Conv2d.class,
                                (k, s, dy) -> toInput(
                                        k,
                                        s.op().geometry(),
                                        dy,
                                        s.in(1),
                                        s.in(0).shape()),
                                (k, s, dy) -> toWeight(
                                        k,
                                        s.op().geometry(),
                                        s.in(0),
                                        dy,
                                        s.in(1).shape()))
                        .perSample(
                                SampleFlows::convolution,
                                (k, s, y, dy, i) -> weightFactors(
                                        k,
                                        s.op().geometry(),
                                        s.in(0),
                                        dy,
                                        s.in(1).shape())),
                // g, w: the cotangent of its result stands where x stood
                bilinear(
                                Conv2dInput.class,
                                (k, s, dx) -> k.conv2d(dx, s.in(1), s.op().geometry()),
                                (k, s, dx) -> toWeight(
                                        k,
                                        s.op().geometry(),
                                        dx,
                                        s.in(0),
                                        s.in(1).shape()))
                        .perSample(
                                SampleFlows::convolution,
                                (k, s, y, dx, i) -> weightFactors(
                                        k,
                                        s.op().geometry(),
                                        dx,
                                        s.in(0),
                                        s.in(1).shape())),
                // x, g: the cotangent of its result stands where w stood
                bilinear(
                                Conv2dWeight.class,
                                (k, s, dw) -> toInput(
                                        k,
                                        s.op().geometry(),
                                        s.in(1),
                                        dw,
                                        s.in(0).shape()),
                                (k, s, dw) -> k.conv2d(s.in(0), dw, s.op().geometry()))
                        .perSampleUndefined("it sums over the batch"),
                linear(AvgPool2d.class, (k, s, dy) -> {
                            Op adjoint = new AvgPool2dInput(
                                    s.op().geometry(),
                                    s.op().countPadding(),
                                    s.shape().dim(1),
                                    s.shape().dim(2));
                            return k.apply(adjoint, List.of(dy));
                        })
                        .perSample(SampleFlows::images),
                linear(AvgPool2dInput.class, (k, s, dx) -> k.avgPool2d(dx, s.op().geometry(), s.op().countPadding()))
                        .perSample(SampleFlows::images),
                general(
                                MaxPool2d.class,
                                (k, s, dy) -> k.apply(new MaxPool2dScatter(s.op().geometry()), List.of(s.x(), dy)),
                                (k, s, t) -> k.apply(new MaxPool2dGather(s.op().geometry()), List.of(s.x(), t)))
                        .perSample(SampleFlows::images),
                linearIn(
                                1,
                                MaxPool2dGather.class,
                                (k, s, dy) -> k.apply(new MaxPool2dScatter(s.op().geometry()), List.of(s.x(), dy)))
                        .perSample(SampleFlows::images),
                linearIn(
                                1,
                                MaxPool2dScatter.class,
                                (k, s, dx) -> k.apply(new MaxPool2dGather(s.op().geometry()), List.of(s.x(), dx)))
                        .perSample(SampleFlows::images));
    }

    /** Outer products of the patches of an image and what stands at their positions. */
    private static Factors<Value> weightFactors(Ops<Value> k, ConvGeometry geometry, Value x, Value dy, Shape w) {
        Shape out = dy.shape();
        Value positions = k.reshape(dy, Shape.of(out.dim(0), out.dim(1) * out.dim(2), out.dim(3)));
        return new Factors.Outer<>(
                new Side.Patches<>(x, geometry, w.dim(0), w.dim(1)), new Side.Dense<>(positions, geometry.groups()), w);
    }

    private static Value toInput(Ops<Value> k, ConvGeometry geometry, Value dy, Value w, Shape x) {
        return k.apply(new Conv2dInput(geometry, x.dim(1), x.dim(2)), List.of(dy, w));
    }

    private static Value toWeight(Ops<Value> k, ConvGeometry geometry, Value x, Value dy, Shape w) {
        return k.apply(new Conv2dWeight(geometry, w.dim(0), w.dim(1)), List.of(x, dy));
    }
}
