package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.List;

/** The checks of ops that read the gradients of a convolution's weight, sample by sample, from x and dy. */
final class SampleFactors {
    private SampleFactors() {}

    /**
     * The shape of the weight, [kernelH, kernelW, C/groups, O], that operands {@code from} and {@code from + 1} are a
     * convolution's x[B,H,W,C] and dy[B,OH,OW,O] for.
     */
    static Shape weight(Op op, ConvGeometry geometry, int kernelH, int kernelW, List<? extends Value> in, int from) {
        return new Conv2dWeight(geometry, kernelH, kernelW)
                .infer(in.subList(from, from + 2))
                .shape();
    }

    static void stride(Op op, SampleProducts by, ConvGeometry geometry, List<? extends Value> in) {
        boolean moves = by != SampleProducts.PIXELS || (geometry.strideH() == 1 && geometry.strideW() == 1);
        Check.that(moves, op, "products of pixels need a window that moves by one", in);
    }
}
