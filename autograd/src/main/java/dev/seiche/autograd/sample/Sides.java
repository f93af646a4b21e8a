package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors of one side of the factors, laid out for products. B samples, G groups, T positions. */
final class Sides {
    private Sides() {}

    /** Some samples only. */
    static Side<Tensor> samples(Eager ops, Side<Tensor> side, int from, int to) {
        if (from == 0 && to == side.samples()) {
            return side;
        }
        if (side instanceof Side.Dense<Tensor> dense) {
            return samples(ops, dense, from, to);
        }
        if (side instanceof Side.Patches<Tensor> p) {
            return new Side.Patches<>(ops.slice(p.x(), 0, from, to), p.geometry(), p.kernelH(), p.kernelW());
        }
        Side.Ids<Tensor> ids = (Side.Ids<Tensor>) side;
        return new Side.Ids<>(ops.slice(ids.ids(), 0, from, to), ids.count());
    }

    static Side.Dense<Tensor> samples(Eager ops, Side.Dense<Tensor> dense, int from, int to) {
        return new Side.Dense<>(ops.slice(dense.value(), 0, from, to), dense.groups());
    }

    /** The same, kept in {@code into}: moved there where possible, else copied. */
    static Side<Tensor> keep(Scope into, Side<Tensor> side) {
        if (side instanceof Side.Dense<Tensor> dense) {
            return keep(into, dense);
        }
        if (side instanceof Side.Patches<Tensor> p) {
            return new Side.Patches<>(into.adopt(p.x()), p.geometry(), p.kernelH(), p.kernelW());
        }
        Side.Ids<Tensor> ids = (Side.Ids<Tensor>) side;
        return new Side.Ids<>(into.adopt(ids.ids()), ids.count());
    }

    static Side.Dense<Tensor> keep(Scope into, Side.Dense<Tensor> dense) {
        return new Side.Dense<>(into.adopt(dense.value()), dense.groups());
    }

    /** Elements {@code from} to {@code to} of each vector: [B, G, T, to - from]. Ids have no such block. */
    static Tensor block(Eager ops, Side<Tensor> side, int from, int to) {
        if (side instanceof Side.Dense<Tensor> dense) {
            Tensor grouped = grouped(ops, dense.value(), dense.groups());
            return from == 0 && to == side.size() ? grouped : ops.slice(grouped, 3, from, to);
        }
        if (side instanceof Side.Patches<Tensor> patches) {
            return patches(ops, patches, from, to);
        }
        throw new AssertionError("a unit matrix is gathered from, not multiplied by");
    }

    /** All pixels of the image behind patches: [B, G, H*W, channels]. */
    static Tensor pixels(Eager ops, Side.Patches<Tensor> side) {
        Shape x = side.x().shape();
        Tensor flat = ops.reshape(side.x(), x.dim(0), x.dim(1) * x.dim(2), x.dim(3));
        return grouped(ops, flat, side.groups());
    }

    /** The pixels under one tap of the window, one for each output position: strided slices of the padded axes of x. */
    static Tensor underTap(Eager ops, Tensor padded, Side.Patches<Tensor> side, int tap, int axisH, int axisW) {
        ConvGeometry g = side.geometry();
        int rank = padded.shape().rank();
        int[] start = new int[rank];
        int[] stop = padded.shape().dims();
        int[] step = new int[rank];
        Arrays.fill(step, 1);
        start[axisH] = tap / side.kernelW() * g.dilationH();
        stop[axisH] = start[axisH] + (side.outputH() - 1) * g.strideH() + 1;
        step[axisH] = g.strideH();
        start[axisW] = tap % side.kernelW() * g.dilationW();
        stop[axisW] = start[axisW] + (side.outputW() - 1) * g.strideW() + 1;
        step[axisW] = g.strideW();
        return ops.slice(padded, start, stop, step);
    }

    /** x with the convolution's zeros around two of its axes. */
    static Tensor padded(Eager ops, Tensor x, ConvGeometry g, int axisH, int axisW) {
        if (g.padTop() + g.padBottom() + g.padLeft() + g.padRight() == 0) {
            return x;
        }
        int[] before = new int[x.shape().rank()];
        int[] after = new int[x.shape().rank()];
        before[axisH] = g.padTop();
        after[axisH] = g.padBottom();
        before[axisW] = g.padLeft();
        after[axisW] = g.padRight();
        return ops.pad(x, before, after, 0.0);
    }

    private static Tensor grouped(Eager ops, Tensor value, int groups) {
        int samples = value.shape().dim(0);
        int positions = value.shape().dim(1);
        int size = value.shape().dim(2) / groups;
        if (groups == 1) {
            return ops.reshape(value, samples, 1, positions, size);
        }
        return ops.transpose(ops.reshape(value, samples, positions, groups, size), 0, 2, 1, 3);
    }

    private static Tensor patches(Eager ops, Side.Patches<Tensor> side, int from, int to) {
        int samples = side.samples();
        int channels = side.channels();
        Tensor padded = padded(ops, side.x(), side.geometry(), 1, 2);
        List<Tensor> taps = new ArrayList<>();
        for (int tap = from / channels; tap * channels < to; tap++) {
            Tensor under = underTap(ops, padded, side, tap, 1, 2);
            Tensor split = ops.reshape(under, samples, side.positions(), side.groups(), channels);
            int first = Math.max(from - tap * channels, 0);
            int last = Math.min(to - tap * channels, channels);
            taps.add(ops.slice(split, 3, first, last));
        }
        return ops.transpose(taps.size() == 1 ? taps.get(0) : ops.concat(3, taps), 0, 2, 1, 3);
    }
}
