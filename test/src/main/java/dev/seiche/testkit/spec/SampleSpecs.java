package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import dev.seiche.testkit.spec.ConvolutionSpecs.Conv;
import java.util.ArrayList;
import java.util.List;

/** Specs of the ops that read the gradients of a convolution's weight sample by sample. */
final class SampleSpecs {
    private static final ConvGeometry PLAIN = ConvGeometry.of(1, 0);

    private SampleSpecs() {}

    static List<OpSpec<?>> all() {
        // two samples of two positions, one channel, two filters: G_0 = [1*1 + 2*0, 1*0 + 2*3], G_1 = [-1, 4]
        Literal x = Literal.of(Shape.of(2, 2, 1, 1), 1, 2, -1, 1);
        Literal dy = Literal.of(Shape.of(2, 2, 1, 2), 1, 0, 0, 3, 1, -2, 0, 2);
        List<OpSpec<?>> specs = new ArrayList<>();
        OpSpec<SampleNorms> norms = OpSpec.of(SampleNorms.class, d -> {
                    Conv c = conv(d);
                    return Drawn.of(
                            new SampleNorms(c.geometry(), c.w().dim(0), c.w().dim(1), by(d, c.geometry())),
                            ConvolutionSpecs.unit(c.x()),
                            ConvolutionSpecs.unit(c.y()));
                })
                .terms(SampleSpecs::products);
        OpSpec<SampleGram> gram =
                OpSpec.of(SampleGram.class, SampleSpecs::drawGram).terms(SampleSpecs::products);
        for (SampleProducts by : SampleProducts.values()) {
            norms.example(new SampleNorms(PLAIN, 1, 1, by), List.of(x, dy), Literal.of(Shape.of(2), 1 + 36, 1 + 16));
            gram.example(new SampleGram(PLAIN, 1, 1, by), List.of(x, dy), Literal.of(Shape.of(2, 2), 37, 23, 23, 17));
            gram.example(
                    new SampleGram(PLAIN, 1, 1, by),
                    List.of(x, dy, x, Literal.of(Shape.of(2, 2, 1, 2), 1, 0, 0, 3, 0, 0, 0, 0)),
                    Literal.of(Shape.of(2, 2), 37, 0, 23, 0));
        }
        gram.example(
                new SampleGram(PLAIN, 1, 1, SampleProducts.GRADIENTS),
                List.of(x, dy, Literal.of(Shape.of(3, 1, 1, 1, 2), 1, 0, 0, 1, 2, -1)),
                Literal.of(Shape.of(2, 3), 1, 6, -4, -1, 4, -6));
        specs.add(norms);
        specs.add(gram);
        specs.add(OpSpec.of(SampleMoments.class, d -> {
                    Conv c = conv(d);
                    SampleMoments op = new SampleMoments(c.geometry(), c.w().dim(0), c.w().dim(1));
                    Operand a = positive(c.x());
                    Operand b = positive(c.y());
                    return d.chance(0.3) ? Drawn.of(op, a, b) : Drawn.of(op, a, b, ConvolutionSpecs.unit(c.w()));
                })
                .terms(c ->
                        Math.pow(positions(c), 2) * c.operands().get(0).shape().dim(0))
                .example(
                        new SampleMoments(PLAIN, 1, 1),
                        List.of(x, dy),
                        Literal.of(Shape.of(3, 1, 1, 1, 2), 0, 10, 2, 52, 0, 2))
                .example(
                        new SampleMoments(PLAIN, 1, 1),
                        List.of(x, dy, Literal.of(Shape.of(1, 1, 1, 2), 0, 5)),
                        Literal.of(Shape.of(3, 1, 1, 1, 2), 0, 0, 2, 2, 0, 2)));
        specs.add(OpSpec.of(SampleSketch.class, d -> {
                    Conv c = conv(d);
                    int size = d.ragged();
                    return Drawn.of(
                            new SampleSketch(c.geometry(), c.w().dim(0), c.w().dim(1), size),
                            ConvolutionSpecs.unit(c.x()),
                            ConvolutionSpecs.unit(c.y()),
                            Operand.ids(Shape.of(Math.toIntExact(c.w().size())), 2 * size));
                })
                .terms(SampleSpecs::products)
                .example(
                        new SampleSketch(PLAIN, 1, 1, 3),
                        List.of(x, dy, Literal.ids(Shape.of(2), 5, 0)),
                        Literal.of(Shape.of(2, 4), 6, 0, -1, 37, 4, 0, 1, 17)));
        return specs;
    }

    /** A convolution, or a linear layer as a 1x1 convolution of [B, T, 1, d]. */
    private static Conv conv(Draw d) {
        if (d.chance(0.7)) {
            return ConvolutionSpecs.conv(d);
        }
        int samples = d.between(1, 20);
        int positions = d.chance(0.5) ? 1 : d.between(2, 9);
        Shape w = Shape.of(1, 1, d.ragged(), d.ragged());
        return new Conv(PLAIN, Shape.of(samples, positions, 1, w.dim(2)), w, Shape.of(samples, positions, 1, w.dim(3)));
    }

    /** Signs that rounding could flip would not be a matter of tolerance. */
    private static Operand positive(Shape shape) {
        return Operand.uniform(shape, 0.5, 1);
    }

    private static SampleProducts by(Draw d, ConvGeometry geometry) {
        List<SampleProducts> all = List.of(SampleProducts.values());
        SampleProducts by = all.get(d.between(0, all.size() - 1));
        boolean dense = geometry.strideH() == 1 && geometry.strideW() == 1;
        return by == SampleProducts.PIXELS && !dense ? SampleProducts.PATCHES : by;
    }

    private static Drawn drawGram(Draw d) {
        Conv c = conv(d);
        SampleProducts by = by(d, c.geometry());
        List<Operand> operands = new ArrayList<>(List.of(ConvolutionSpecs.unit(c.x()), ConvolutionSpecs.unit(c.y())));
        int other = d.between(1, 5);
        if (by == SampleProducts.GRADIENTS && d.chance(0.4)) {
            operands.add(ConvolutionSpecs.unit(Shape.of(other).concat(c.w())));
        } else if (d.chance(0.4)) {
            operands.add(ConvolutionSpecs.unit(c.x().with(0, other)));
            operands.add(ConvolutionSpecs.unit(c.y().with(0, other)));
        }
        return new Drawn(new SampleGram(c.geometry(), c.w().dim(0), c.w().dim(1), by), operands);
    }

    private static double positions(OpCase c) {
        Shape dy = c.operands().get(1).shape();
        return (double) dy.dim(1) * dy.dim(2);
    }

    /** An inner product of two gradients: products of four numbers over all pairs of positions and all elements. */
    private static double products(OpCase c) {
        Shape x = c.operands().get(0).shape();
        Shape dy = c.operands().get(1).shape();
        int taps = taps(c);
        return Math.pow(positions(c), 2) * taps * x.dim(3) * dy.dim(3);
    }

    private static int taps(OpCase c) {
        if (c.op() instanceof SampleNorms op) {
            return op.kernelH() * op.kernelW();
        }
        if (c.op() instanceof SampleGram op) {
            return op.kernelH() * op.kernelW();
        }
        SampleSketch op = (SampleSketch) c.op();
        return op.kernelH() * op.kernelW();
    }
}
