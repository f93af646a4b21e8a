package dev.seiche.kernels.cpu.onednn;

import dev.seiche.tensor.op.ConvGeometry;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a convolution, compiled: the primitive, and the copy between the weights as Seiche has them and the
 * blocked layout in which oneDNN is fast. With plain weights it would fall back on slower code: half the speed backward
 * on 3x3 kernels (AMD EPYC 9005).
 */
final class ConvPiece implements AutoCloseable {
    private final Dnnl dnnl;
    private final long x;
    private final long w;
    private final long y;
    private final long plainWeights;
    private final long forward;
    private final Primitive primitive;

    /** Null where the primitive takes plain weights. */
    private final @Nullable Primitive copy;

    /** Layout of the primitive's weights; belongs to the primitive. */
    private final long packedWeights;

    /**
     * Compiles.
     *
     * @param shape sizes of this piece
     * @param allFilters filters of the whole convolution, from which plain weights take their strides
     */
    ConvPiece(Dnnl dnnl, ConvPlan.Direction direction, ConvShape shape, int allFilters) {
        this.dnnl = dnnl;
        String what = direction + " " + shape;
        ConvGeometry g = shape.window();
        long groups = g.groups();
        long c = shape.channels() / groups;
        long o = shape.filters() / groups;
        long kh = shape.kernelH();
        long kw = shape.kernelW();
        long[] sizes = groups > 1 ? new long[] {groups, o, c, kh, kw} : new long[] {o, c, kh, kw};
        long[] strides = groups > 1
                ? new long[] {o, 1, allFilters, kw * c * allFilters, c * allFilters}
                : new long[] {1, allFilters, kw * c * allFilters, c * allFilters};
        x = channelsLast(what, shape.batch(), shape.height(), shape.width(), shape.channels());
        y = channelsLast(what, shape.batch(), shape.outHeight(), shape.outWidth(), shape.filters());
        w = dnnl.anyLayout(what, sizes);
        plainWeights = dnnl.layout(what, sizes, strides);
        long[][] window = shape.windowSizes();
        forward = dnnl.forward(what, x, w, y, window);
        boolean gradient = direction == ConvPlan.Direction.BACKWARD_WEIGHTS;
        primitive = switch (direction) {
            case FORWARD ->
                compile(
                        what,
                        dnnl.forward(what, x, w, y, window),
                        new int[] {Dnnl.SRC, Dnnl.WEIGHTS, Dnnl.DST},
                        new int[] {Dnnl.QUERY_SRC, Dnnl.QUERY_WEIGHTS, Dnnl.QUERY_DST});
            case BACKWARD_DATA ->
                compile(
                        what,
                        dnnl.backwardData(what, x, w, y, window, forward),
                        new int[] {Dnnl.DIFF_SRC, Dnnl.WEIGHTS, Dnnl.DIFF_DST},
                        new int[] {Dnnl.QUERY_DIFF_SRC, Dnnl.QUERY_WEIGHTS, Dnnl.QUERY_DIFF_DST});
            case BACKWARD_WEIGHTS ->
                compile(
                        what,
                        dnnl.backwardWeights(what, x, w, y, window, forward),
                        new int[] {Dnnl.SRC, Dnnl.DIFF_WEIGHTS, Dnnl.DIFF_DST},
                        new int[] {Dnnl.QUERY_SRC, Dnnl.QUERY_DIFF_WEIGHTS, Dnnl.QUERY_DIFF_DST});
        };
        packedWeights = primitive.layout(1);
        if (dnnl.sameLayout(packedWeights, plainWeights)) {
            copy = null;
        } else {
            long from = gradient ? packedWeights : plainWeights;
            long to = gradient ? plainWeights : packedWeights;
            copy = new Primitive(
                    dnnl,
                    what + ", copy of weights",
                    dnnl.reorder(what, from, to),
                    new int[] {Dnnl.SRC, Dnnl.DST},
                    new long[] {from, to});
        }
    }

    private long channelsLast(String what, long b, long h, long w, long c) {
        return dnnl.layout(what, new long[] {b, c, h, w}, new long[] {h * w * c, 1, w * c, c});
    }

    private Primitive compile(String what, long descriptor, int[] arguments, int[] queries) {
        long[] layouts = new long[queries.length];
        for (int i = 0; i < queries.length; i++) {
            layouts[i] = dnnl.layoutOf(descriptor, queries[i]);
        }
        return new Primitive(dnnl, what, descriptor, arguments, layouts);
    }

    /** Bytes of the weights as the primitive has them. */
    long packedBytes() {
        return dnnl.bytes(packedWeights);
    }

    /** True when the primitive takes the weights as Seiche has them. */
    boolean plain() {
        return copy == null;
    }

    /** True when both have their weights in one layout. */
    boolean sharesWeightsWith(ConvPiece other) {
        return dnnl.sameLayout(packedWeights, other.packedWeights);
    }

    /** Runs the primitive on memory at these addresses; {@code w} is packed. */
    void execute(long x, long w, long y) {
        primitive.execute(x, w, y);
    }

    /** Packs weights, or unpacks their gradient. */
    void copyWeights(long from, long to) {
        if (copy == null) {
            throw new IllegalStateException("these weights are plain already");
        }
        copy.execute(from, to);
    }

    String implementation() {
        return primitive.implementation();
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
        primitive.close();
        dnnl.destroyDescriptor(forward);
        for (long layout : new long[] {x, w, y, plainWeights}) {
            dnnl.destroyLayout(layout);
        }
    }
}
