package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * 2-d convolution (cross-correlation) over NHWC: x[B,H,W,C], w[KH,KW,C/groups,O] gives y[B,OH,OW,O],
 * {@code y[b,i,j,o] = sum over u,v,c of x[b, i s + u d - p, j s + v d - p, c] w[u,v,c,o]}, zeros outside. Bilinear; its
 * adjoints are {@link Conv2dInput} and {@link Conv2dWeight}, and the three differentiate into each other.
 */
public record Conv2d(ConvGeometry geometry) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "w");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.rank(this, "x", in.get(0), 4, in);
        Check.rank(this, "w", in.get(1), 4, in);
        return in.get(0)
                .type()
                .withShape(output(this, geometry, in.get(0).shape(), in.get(1).shape(), in));
    }

    /** The output shape, after checking that x and w fit each other. */
    static Shape output(Op op, ConvGeometry g, Shape x, Shape w, List<? extends Value> in) {
        Check.that(
                x.dim(3) == w.dim(2) * g.groups(),
                op,
                "x has " + x.dim(3) + " channels, w expects " + w.dim(2) + " in each of " + g.groups() + " group(s)",
                in);
        Check.that(
                w.dim(3) % g.groups() == 0,
                op,
                w.dim(3) + " output channels do not divide into " + g.groups() + " groups",
                in);
        int oh = g.outputH(x.dim(1), w.dim(0));
        int ow = g.outputW(x.dim(2), w.dim(1));
        Check.that(
                oh >= 1 && ow >= 1,
                op,
                "the window " + w.dim(0) + "x" + w.dim(1) + " does not fit the padded input of " + x.dim(1) + "x"
                        + x.dim(2),
                in);
        return Shape.of(x.dim(0), oh, ow, w.dim(3));
    }
}
