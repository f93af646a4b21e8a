package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.AvgPool2d;
import dev.seiche.tensor.op.AvgPool2dInput;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.MaxPool2dGather;
import dev.seiche.tensor.op.MaxPool2dScatter;
import dev.seiche.tensor.op.PoolGeometry;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;

/** Specs of convolution and pooling, each with its adjoints. */
final class ConvolutionSpecs {
    /** A convolution with its three shapes. */
    record Conv(ConvGeometry geometry, Shape x, Shape w, Shape y) {}

    /** A pooling window with its two shapes. */
    private record Pool(PoolGeometry geometry, Shape x, Shape y) {}

    private ConvolutionSpecs() {}

    static List<OpSpec<?>> all() {
        Literal image = Literal.of(Shape.of(1, 3, 3, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        return List.of(
                OpSpec.of(Conv2d.class, d -> {
                            Conv c = conv(d);
                            return Drawn.of(new Conv2d(c.geometry), unit(c.x), unit(c.w));
                        })
                        .terms(c -> c.operands().get(1).shape().slice(0, 3).size())
                        .example(
                                new Conv2d(ConvGeometry.of(1, 0)),
                                List.of(image, Literal.of(Shape.of(2, 2, 1, 1), 1, 0, 0, 1)),
                                Literal.of(Shape.of(1, 2, 2, 1), 6, 8, 12, 14)),
                OpSpec.of(Conv2dInput.class, d -> {
                            Conv c = conv(d);
                            return Drawn.of(new Conv2dInput(c.geometry, c.x.dim(1), c.x.dim(2)), unit(c.y), unit(c.w));
                        })
                        .terms(c -> c.operands().get(1).shape().size()),
                OpSpec.of(Conv2dWeight.class, d -> {
                            Conv c = conv(d);
                            return Drawn.of(new Conv2dWeight(c.geometry, c.w.dim(0), c.w.dim(1)), unit(c.x), unit(c.y));
                        })
                        .terms(c -> c.operands().get(1).shape().slice(0, 3).size()),
                OpSpec.of(MaxPool2d.class, d -> {
                            Pool p = pool(d);
                            return Drawn.of(new MaxPool2d(p.geometry), Operand.distinct(p.x));
                        })
                        .example(
                                new MaxPool2d(PoolGeometry.of(2, 1, 0)),
                                List.of(image),
                                Literal.of(Shape.of(1, 2, 2, 1), 5, 6, 8, 9)),
                OpSpec.of(MaxPool2dScatter.class, d -> {
                            Pool p = pool(d);
                            return Drawn.of(new MaxPool2dScatter(p.geometry), Operand.distinct(p.x), unit(p.y));
                        })
                        .terms(c -> 9),
                OpSpec.of(MaxPool2dGather.class, d -> {
                    Pool p = pool(d);
                    return Drawn.of(new MaxPool2dGather(p.geometry), Operand.distinct(p.x), unit(p.x));
                }),
                OpSpec.of(AvgPool2d.class, d -> {
                            Pool p = pool(d);
                            return Drawn.of(new AvgPool2d(p.geometry, d.chance(0.5)), unit(p.x));
                        })
                        .terms(c -> 9)
                        .example(
                                new AvgPool2d(PoolGeometry.of(3, 1, 1), true),
                                List.of(Literal.of(Shape.of(1, 1, 1, 1), 9)),
                                Literal.of(Shape.of(1, 1, 1, 1), 1))
                        .example(
                                new AvgPool2d(PoolGeometry.of(3, 1, 1), false),
                                List.of(Literal.of(Shape.of(1, 1, 1, 1), 9)),
                                Literal.of(Shape.of(1, 1, 1, 1), 9)),
                OpSpec.of(AvgPool2dInput.class, d -> {
                            Pool p = pool(d);
                            return Drawn.of(
                                    new AvgPool2dInput(p.geometry, d.chance(0.5), p.x.dim(1), p.x.dim(2)), unit(p.y));
                        })
                        .terms(c -> 9));
    }

    static Operand unit(Shape shape) {
        return Operand.uniform(shape, -1, 1);
    }

    static Conv conv(Draw d) {
        int groups = d.chance(0.7) ? 1 : d.between(2, 3);
        int kh = d.between(1, 3);
        int kw = d.between(1, 3);
        ConvGeometry g = new ConvGeometry(
                d.between(1, 2),
                d.between(1, 3),
                d.between(0, 2),
                d.between(0, 2),
                d.between(0, 2),
                d.between(0, 2),
                d.between(1, 2),
                d.between(1, 2),
                groups);
        int h = g.dilationH() * (kh - 1) + 1 + d.between(0, 5);
        int w = g.dilationW() * (kw - 1) + 1 + d.between(0, 5);
        int in = groups * d.dim();
        int out = groups * (d.chance(0.2) ? 17 : d.dim());
        Shape x = Shape.of(d.between(1, 3), h, w, in);
        Shape weight = Shape.of(kh, kw, in / groups, out);
        return new Conv(g, x, weight, Shape.of(x.dim(0), g.outputH(h, kh), g.outputW(w, kw), out));
    }

    private static Pool pool(Draw d) {
        int kh = d.between(1, 3);
        int kw = d.between(1, 3);
        PoolGeometry g = new PoolGeometry(
                kh,
                kw,
                d.between(1, 2),
                d.between(1, 3),
                d.between(0, kh - 1),
                d.between(0, kh - 1),
                d.between(0, kw - 1),
                d.between(0, kw - 1));
        int h = kh + d.between(0, 5);
        int w = kw + d.between(0, 5);
        Shape x = Shape.of(d.between(1, 3), h, w, d.chance(0.2) ? 17 : d.dim());
        return new Pool(g, x, Shape.of(x.dim(0), g.outputH(h), g.outputW(w), x.dim(3)));
    }
}
