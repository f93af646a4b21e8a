package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.UnsupportedOpException;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.tensor.op.SampleMoments;
import dev.seiche.tensor.op.SampleNorms;
import dev.seiche.tensor.op.SampleProducts;
import dev.seiche.tensor.op.SampleSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one use of a parameter as the convolution whose per-sample gradients are read in one pass, by ops of their own. A layer
 * with T positions is the 1x1 convolution of an image of T x 1 pixels.
 *
 * @param x [B, H, W, C]
 * @param dy [B, OH, OW, O]
 */
record FusedFactors(Tensor x, Tensor dy, ConvGeometry geometry, int kernelH, int kernelW) {

    /** Empty where the backend has no such ops, or the parameter has several uses, or is a table that ids look up. */
    static Optional<FusedFactors> of(Scope scope, List<Factors<Tensor>> uses) {
        if (uses.size() != 1
                || !(uses.get(0) instanceof Factors.Outer<Tensor> outer)
                || outer.left() instanceof Side.Ids
                || outer.samples() == 0) {
            return Optional.empty();
        }
        Eager ops = scope.ops();
        Tensor right = outer.right().value();
        int outputs = right.shape().dim(2);
        FusedFactors found;
        if (outer.left() instanceof Side.Patches<Tensor> p) {
            Shape dy = Shape.of(p.samples(), p.outputH(), p.outputW(), outputs);
            found = new FusedFactors(p.x(), ops.reshape(right, dy), p.geometry(), p.kernelH(), p.kernelW());
        } else {
            Tensor left = ((Side.Dense<Tensor>) outer.left()).value();
            Shape row = Shape.of(outer.samples(), outer.positions(), 1);
            found = new FusedFactors(
                    ops.reshape(left, row.concat(Shape.of(left.shape().dim(2)))),
                    ops.reshape(right, row.concat(Shape.of(outputs))),
                    ConvGeometry.of(1, 0).withGroups(outer.groups()),
                    1,
                    1);
        }
        return found.supported(scope.backend()) ? Optional.of(found) : Optional.empty();
    }

    private boolean supported(Backend backend) {
        List<Op> all = List.of(
                new SampleNorms(geometry, kernelH, kernelW, SampleProducts.PATCHES),
                gram(SampleProducts.PATCHES),
                new SampleMoments(geometry, kernelH, kernelW),
                new SampleSketch(geometry, kernelH, kernelW, 1));
        try {
            all.forEach(backend::kernel);
            return true;
        } catch (UnsupportedOpException e) {
            return false;
        }
    }

    private SampleGram gram(SampleProducts by) {
        return new SampleGram(geometry, kernelH, kernelW, by);
    }

    private static SampleProducts by(Route route) {
        return switch (route) {
            case CONTRACT -> SampleProducts.PATCHES;
            case SHIFT -> SampleProducts.PIXELS;
            default -> SampleProducts.GRADIENTS;
        };
    }

    /** [B]. */
    double[] squaredNorms(Eager ops, Route route) {
        return ops.apply(new SampleNorms(geometry, kernelH, kernelW, by(route)), List.of(x, dy))
                .toDoubles();
    }

    /** With another batch's, or its own: [B, other's B]. */
    double[] gram(Eager ops, Route route, FusedFactors other) {
        List<Tensor> in = other == this ? List.of(x, dy) : List.of(x, dy, other.x, other.dy);
        return ops.apply(gram(by(route)), in).toDoubles();
    }

    /** Of one position, with the bias beside it: the weight of one more input, which is always one. */
    FusedFactors withBias(Eager ops) {
        Tensor one = ops.fill(x.type().withShape(Shape.of(x.shape().dim(0), 1, 1, 1)), 1.0);
        return new FusedFactors(ops.concat(3, List.of(x, one)), dy, geometry, kernelH, kernelW);
    }

    /** True where a bias with these gradients is that of this layer, with one position: they are its dy, the same memory. */
    boolean hasBias(Tensor rows) {
        return dy.shape()
                        .equals(Shape.of(rows.shape().dim(0), 1, 1, rows.shape().dim(-1)))
                && rows.shape().size() == dy.shape().size()
                && x.shape().dim(1) == 1
                && x.shape().dim(2) == 1
                && geometry.groups() == 1
                && rows.buffer() == dy.buffer()
                && rows.layout().offset() == dy.layout().offset()
                && rows.isContiguous()
                && dy.isContiguous();
    }

    /** True when products with the other batch's gradients mean something. */
    boolean fits(FusedFactors other) {
        return geometry.equals(other.geometry) && kernelH == other.kernelH && kernelW == other.kernelW;
    }

    /** [directions][B], from gradients formed once. */
    double[][] dots(Eager ops, List<Tensor> directions) {
        int samples = x.shape().dim(0);
        List<Tensor> rows = new ArrayList<>();
        for (Tensor direction : directions) {
            rows.add(ops.reshape(direction, Shape.of(1).concat(weight())));
        }
        double[] all = ops.apply(gram(SampleProducts.GRADIENTS), List.of(x, dy, ops.concat(0, rows)))
                .toDoubles();
        double[][] dots = new double[directions.size()][samples];
        for (int k = 0; k < all.length; k++) {
            dots[k % dots.length][k / dots.length] = all[k];
        }
        return dots;
    }

    /** Sums over samples of the gradients about a centre, of their squares, and of signs: [3, size of the parameter]. */
    Tensor moments(Eager ops, Optional<Tensor> centre) {
        List<Tensor> in = new ArrayList<>(List.of(x, dy));
        centre.ifPresent(c -> in.add(ops.reshape(c, weight())));
        Tensor moments = ops.apply(new SampleMoments(geometry, kernelH, kernelW), in);
        return ops.reshape(moments, 3, Math.toIntExact(weight().size()));
    }

    /** [B, size + 1]: buckets, and the squared norm. */
    double[] sketch(Eager ops, Tensor places, int size) {
        return ops.apply(new SampleSketch(geometry, kernelH, kernelW, size), List.of(x, dy, places))
                .toDoubles();
    }

    private Shape weight() {
        return Shape.of(
                kernelH,
                kernelW,
                x.shape().dim(3) / geometry.groups(),
                dy.shape().dim(3));
    }
}
