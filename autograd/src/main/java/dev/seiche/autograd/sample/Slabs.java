package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Forms per-sample gradients from factors: all coordinates of some samples, or some coordinates of all samples. */
final class Slabs {
    private Slabs() {}

    /** A parameter in row-major order as an array [left, groups, right]. */
    record Grid(int left, int groups, int right) {
        long size() {
            return (long) left * groups * right;
        }
    }

    /** A box of coordinates of a grid. */
    record Slab(int group, int groupEnd, int left, int leftEnd, int right, int rightEnd) {
        int size() {
            return (groupEnd - group) * (leftEnd - left) * (rightEnd - right);
        }
    }

    /** Boxes of at most {@code most} coordinates, where their sides can be cut so, that together are the grid. */
    static List<Slab> cut(Grid grid, boolean wholeLeft, long most) {
        long row = (long) grid.groups * grid.right;
        int lefts = wholeLeft ? grid.left : clamp(most / Math.max(1, row), grid.left);
        int groups = clamp(most / ((long) lefts * Math.max(1, grid.right)), grid.groups);
        int rights = clamp(most / ((long) lefts * groups), grid.right);
        List<Slab> slabs = new ArrayList<>();
        for (int l = 0; l < grid.left; l += lefts) {
            for (int g = 0; g < grid.groups; g += groups) {
                for (int r = 0; r < grid.right; r += rights) {
                    slabs.add(new Slab(
                            g,
                            Math.min(g + groups, grid.groups),
                            l,
                            Math.min(l + lefts, grid.left),
                            r,
                            Math.min(r + rights, grid.right)));
                }
            }
        }
        return slabs;
    }

    private static int clamp(long wish, int most) {
        return (int) Math.max(1, Math.min(wish, most));
    }

    /** The coordinates of a slab of all samples' gradients: [B, slab size], ordered by group, left, right. */
    static Tensor of(Eager ops, Factors<Tensor> factors, Grid grid, Slab slab) {
        int samples = factors.samples();
        Tensor box;
        if (factors instanceof Factors.Rows<Tensor> rows) {
            Tensor split = ops.reshape(rows.value(), samples, grid.left, grid.groups, grid.right);
            box = groups(ops, ops.transpose(split, 0, 2, 1, 3), slab);
            box = ops.slice(ops.slice(box, 2, slab.left, slab.leftEnd), 3, slab.right, slab.rightEnd);
        } else {
            Factors.Outer<Tensor> outer = (Factors.Outer<Tensor>) factors;
            Tensor right = groups(ops, Sides.block(ops, outer.right(), slab.right, slab.rightEnd), slab);
            if (outer.left() instanceof Side.Ids<Tensor> ids) {
                box = scattered(ops, ids, right);
                box = ops.slice(box, 1, slab.left, slab.leftEnd);
            } else {
                Tensor left = groups(ops, Sides.block(ops, outer.left(), slab.left, slab.leftEnd), slab);
                box = ops.matmul(left, right, true, false);
            }
        }
        return ops.reshape(box, samples, slab.size());
    }

    /** The gradients of samples {@code from} to {@code to}: [to - from, parameter shape...]. */
    static Tensor rows(Eager ops, Factors<Tensor> factors, int from, int to) {
        if (factors instanceof Factors.Rows<Tensor> rows) {
            return ops.slice(rows.value(), 0, from, to);
        }
        Factors.Outer<Tensor> outer = (Factors.Outer<Tensor>) factors;
        Factors.Outer<Tensor> some = new Factors.Outer<>(
                Sides.samples(ops, outer.left(), from, to), Sides.samples(ops, outer.right(), from, to), outer.shape());
        Grid grid = grid(some);
        Slab all = new Slab(0, grid.groups, 0, grid.left, 0, grid.right);
        Tensor box = ops.reshape(of(ops, some, grid, all), to - from, grid.groups, grid.left, grid.right);
        Tensor ordered = grid.groups == 1 ? box : ops.transpose(box, 0, 2, 1, 3);
        return ops.reshape(ordered, Shape.of(to - from).concat(outer.shape()));
    }

    static Grid grid(Factors.Outer<Tensor> outer) {
        return new Grid(outer.left().size(), outer.groups(), outer.right().size());
    }

    /** right [B, 1, T, R] added up by id: [B, count, R]. */
    private static Tensor scattered(Eager ops, Side.Ids<Tensor> ids, Tensor right) {
        int samples = ids.samples();
        int size = right.shape().dim(3);
        Tensor flat = ops.reshape(right, samples * ids.positions(), size);
        Tensor sums = ops.scatterAdd(flat, bySample(ops.scope(), ids, ids.count()), 0, samples * ids.count());
        return ops.reshape(sums, samples, ids.count(), size);
    }

    /** Ids as places in an array with {@code stride} places for each sample: [B*T]. */
    static Tensor bySample(Scope scope, Side.Ids<Tensor> ids, int stride) {
        int[] places = ids.ids().toInts();
        for (int i = 0; i < places.length; i++) {
            places[i] += i / ids.positions() * stride;
        }
        return scope.tensor(Shape.of(places.length), places);
    }

    private static Tensor groups(Eager ops, Tensor box, Slab slab) {
        return ops.slice(box, 1, slab.group, slab.groupEnd);
    }
}
