package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Add;
import java.util.List;

/**
 * Inner products of per-sample gradients that are never formed: with G_i the sum over positions s of the outer product of
 * l_is and r_is,
 *
 * <pre>{@code <G_i, G_j> = sum over s, t of <l_is, l_jt> <r_is, r_jt> }</pre>
 *
 * <p>Maps of inner products have the shape [n, groups, rows, columns]: for all pairs n is 1 and rows are samples and their
 * positions; for each sample with itself n is the number of samples.
 */
final class Contraction {
    private final Eager ops;
    private final boolean diagonal;
    private final boolean shift;

    /**
     * @param diagonal each sample of a with the same of b, instead of all pairs
     * @param shift patches by shifted pixel products, where both sides are patches
     */
    Contraction(Eager ops, boolean diagonal, boolean shift) {
        this.ops = ops;
        this.diagonal = diagonal;
        this.shift = shift;
    }

    /** [B] for the diagonal, else [samples of a, samples of b]. */
    Tensor of(Factors.Outer<Tensor> a, Factors.Outer<Tensor> b) {
        Tensor left = leftMaps(a, b);
        Tensor right = products(Sides.block(ops, a.right(), 0, a.right().size()), block(b));
        Tensor both = ops.mul(left, right);
        if (diagonal) {
            return ops.sum(both, 1, 2, 3);
        }
        Tensor split = ops.reshape(both, a.groups(), a.samples(), a.positions(), b.samples(), b.positions());
        return ops.sum(split, 0, 2, 4);
    }

    private Tensor block(Factors.Outer<Tensor> of) {
        return Sides.block(ops, of.right(), 0, of.right().size());
    }

    private Tensor leftMaps(Factors.Outer<Tensor> a, Factors.Outer<Tensor> b) {
        Side<Tensor> x = a.left();
        Side<Tensor> y = b.left();
        if (x instanceof Side.Ids<Tensor> p) {
            return y instanceof Side.Ids<Tensor> q
                    ? equalIds(p, q, a.right().value().dtype())
                    : picked(p, y);
        }
        if (y instanceof Side.Ids<Tensor> q) {
            return ops.swapAxes(picked(q, x), 2, 3);
        }
        if (shift && x instanceof Side.Patches<Tensor> p && y instanceof Side.Patches<Tensor> q) {
            return shifted(p, q);
        }
        return products(Sides.block(ops, x, 0, x.size()), Sides.block(ops, y, 0, y.size()));
    }

    /** Inner products of vectors [B, G, T, size]. */
    private Tensor products(Tensor a, Tensor b) {
        return ops.matmul(arranged(a), arranged(b), false, true);
    }

    /** As they are for the diagonal; else all samples' positions in one: [1, G, B*T, size]. */
    private Tensor arranged(Tensor vectors) {
        if (diagonal) {
            return vectors;
        }
        Shape s = vectors.shape();
        return ops.reshape(ops.swapAxes(vectors, 0, 1), 1, s.dim(1), s.dim(0) * s.dim(2), s.dim(3));
    }

    /** 1 where two ids agree, compared in f64, which holds every id exactly. */
    private Tensor equalIds(Side.Ids<Tensor> a, Side.Ids<Tensor> b, DType dtype) {
        Tensor rows = ops.cast(a.ids(), DType.F64);
        Tensor columns = ops.cast(b.ids(), DType.F64);
        int n = diagonal ? a.samples() : 1;
        rows = ops.reshape(rows, n, 1, a.samples() / n * a.positions(), 1);
        columns = ops.reshape(columns, n, 1, 1, b.samples() / n * b.positions());
        return ops.cast(ops.equal(rows, columns), dtype);
    }

    /** Products of unit vectors with dense ones: the elements that the ids name. */
    private Tensor picked(Side.Ids<Tensor> ids, Side<Tensor> of) {
        Tensor vectors = Sides.block(ops, of, 0, of.size());
        int columns = of.positions();
        if (!diagonal) {
            Tensor rows = ops.reshape(vectors, of.samples() * columns, of.size());
            Tensor flat = ops.reshape(ids.ids(), ids.samples() * ids.positions());
            Tensor found = ops.swapAxes(ops.gather(rows, flat, 1), 0, 1);
            return ops.reshape(found, 1, 1, ids.samples() * ids.positions(), of.samples() * columns);
        }
        // all samples' vectors of one position side by side, each sample's ids moved to its own part
        Tensor side = ops.reshape(ops.transpose(vectors, 1, 2, 0, 3), columns, of.samples() * of.size());
        Tensor found = ops.gather(side, Slabs.bySample(ops.scope(), ids, of.size()), 1);
        Tensor split = ops.reshape(found, columns, ids.samples(), 1, ids.positions());
        return ops.transpose(split, 1, 2, 3, 0);
    }

    /**
     * Products of patches without patches: <patch(s), patch(t)> is the sum over taps of <pixel(s + tap), pixel(t + tap)>, so
     * one product of all pixels is shifted, strided and added once per tap.
     */
    private Tensor shifted(Side.Patches<Tensor> a, Side.Patches<Tensor> b) {
        Tensor pixels = products(Sides.pixels(ops, a), Sides.pixels(ops, b));
        int n = diagonal ? a.samples() : 1;
        int rows = a.samples() / n;
        int columns = b.samples() / n;
        Shape xa = a.x().shape();
        Shape xb = b.x().shape();
        int groups = a.groups();
        Tensor split = ops.reshape(pixels, n, groups, rows, xa.dim(1), xa.dim(2), columns, xb.dim(1), xb.dim(2));
        Tensor padded = Sides.padded(ops, split, a.geometry(), 3, 4);
        padded = Sides.padded(ops, padded, b.geometry(), 6, 7);
        Tensor sum = null;
        for (int tap = 0; tap < a.kernelH() * a.kernelW(); tap++) {
            Tensor under = Sides.underTap(ops, padded, a, tap, 3, 4);
            under = Sides.underTap(ops, under, b, tap, 6, 7);
            if (sum == null) {
                sum = ops.copy(under);
            } else {
                ops.applyInto(new Add(), List.of(sum, under), sum);
            }
        }
        if (sum == null) {
            throw new AssertionError("a window without taps");
        }
        return ops.reshape(sum, n, groups, rows * a.positions(), columns * b.positions());
    }
}
