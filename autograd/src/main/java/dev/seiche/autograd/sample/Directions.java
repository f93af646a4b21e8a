package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Conv2dWeight;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Products of factors with something that is the same for all samples: a direction, or ones. */
final class Directions {
    private Directions() {}

    /** The inner product of every sample's gradient with a direction of the parameter's shape: [B]. */
    static Tensor dot(Eager ops, Factors<Tensor> factors, Tensor direction) {
        if (factors instanceof Factors.Rows<Tensor> rows) {
            Tensor products = ops.mul(rows.value(), direction);
            int[] axes = IntStream.range(1, products.shape().rank()).toArray();
            return axes.length == 0 ? products : ops.sum(products, axes);
        }
        // sum over t of l V rT: V moves what l makes, and r says how the loss follows
        Factors.Outer<Tensor> outer = (Factors.Outer<Tensor>) factors;
        Tensor right = outer.right().value();
        Tensor moved;
        if (outer.left() instanceof Side.Patches<Tensor> p) {
            moved = ops.reshape(ops.conv2d(p.x(), direction, p.geometry()), right.shape());
        } else {
            Tensor matrix =
                    ops.reshape(direction, outer.left().size(), outer.right().size());
            moved = outer.left() instanceof Side.Ids<Tensor> ids
                    ? ops.gather(matrix, ids.ids(), 0)
                    : ops.linear(((Side.Dense<Tensor>) outer.left()).value(), matrix);
        }
        return ops.sum(ops.mul(moved, right), 1, 2);
    }

    /** The gradients, each times its weight [B]. */
    static Factors<Tensor> scaled(Eager ops, Factors<Tensor> factors, Tensor weights) {
        if (factors instanceof Factors.Rows<Tensor> rows) {
            int[] dims = new int[rows.value().shape().rank()];
            Arrays.fill(dims, 1);
            dims[0] = factors.samples();
            return new Factors.Rows<>(ops.mul(rows.value(), ops.reshape(weights, dims)));
        }
        Factors.Outer<Tensor> outer = (Factors.Outer<Tensor>) factors;
        Tensor right = ops.mul(outer.right().value(), ops.reshape(weights, factors.samples(), 1, 1));
        return new Factors.Outer<>(
                outer.left(), new Side.Dense<>(right, outer.right().groups()), outer.shape());
    }

    /** The sum of all samples' gradients, of the parameter's shape. */
    static Tensor sum(Eager ops, Factors<Tensor> factors) {
        if (factors instanceof Factors.Rows<Tensor> rows) {
            return ops.sum(rows.value(), 0);
        }
        Factors.Outer<Tensor> outer = (Factors.Outer<Tensor>) factors;
        Tensor right = outer.right().value();
        int positions = outer.samples() * outer.positions();
        if (outer.left() instanceof Side.Patches<Tensor> p) {
            Shape dy = Shape.of(
                    p.samples(), p.outputH(), p.outputW(), right.shape().dim(2));
            return ops.apply(
                    new Conv2dWeight(p.geometry(), p.kernelH(), p.kernelW()), List.of(p.x(), ops.reshape(right, dy)));
        }
        Tensor rows = ops.reshape(right, positions, outer.right().size());
        Tensor sum;
        if (outer.left() instanceof Side.Ids<Tensor> ids) {
            sum = ops.scatterAdd(rows, ops.reshape(ids.ids(), positions), 0, ids.count());
        } else {
            Tensor left = ((Side.Dense<Tensor>) outer.left()).value();
            sum = ops.matmul(ops.reshape(left, positions, outer.left().size()), rows, true, false);
        }
        return ops.reshape(sum, outer.shape());
    }
}
