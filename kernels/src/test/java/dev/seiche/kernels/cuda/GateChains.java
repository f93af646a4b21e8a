package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.ChainProgram.Step;
import dev.seiche.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Chains that come up in training, and the longest and widest there may be, for the compile gate. */
final class GateChains {
    /** A chain and what it is. */
    record Case(String title, ChainProgram program) {
        /** Bytes of memory an element: each operand read once, each result that lasts written once. */
        int bytes() {
            return (program.reads().size() + program.stored().size())
                    * program.dtype().bytes();
        }

        /** The same for a launch of each op. */
        int bytesOneByOne() {
            return program.steps().stream()
                            .mapToInt(step -> step.operands().size() + 1)
                            .sum()
                    * program.dtype().bytes();
        }
    }

    private final List<Integer> reads = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private GateChains() {}

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            all.add(new Case("GELU, intermediate results kept", gelu().chain(dtype, 0, 1, 2, 3, 4)));
            all.add(new Case("GELU", gelu().chain(dtype, 4)));
            all.add(new Case("VJP of GELU", geluVjp().chain(dtype, 9)));
            all.add(new Case(
                    "tanh, its VJP and the tangents of both", tanhTwice().chain(dtype, 0, 4, 5, 10)));
            all.add(new Case("bias, residual, relu", residual().chain(dtype, 2)));
            all.add(new Case("a step of Adam, composed", adam().chain(dtype, 1, 4, 8)));
            all.add(new Case("16 functions", functions().chain(dtype, 15)));
            all.add(new Case("16 operands in 8 layouts, 16 results kept", widest().chain(dtype, sixteen())));
        }
        return all;
    }

    private ChainProgram chain(DType dtype, int... stored) {
        List<Integer> last = new ArrayList<>();
        for (int k : stored) {
            last.add(k);
        }
        return new ChainProgram(dtype, reads, steps, last);
    }

    /** An operand in order. */
    private int in() {
        return by(ChainProgram.IN_ORDER);
    }

    /** An operand along a walk. */
    private int by(int walk) {
        reads.add(walk);
        return ChainProgram.read(reads.size() - 1);
    }

    private int op(String expression, Integer... operands) {
        return op(0, expression, operands);
    }

    private int op(int attributes, String expression, Integer... operands) {
        steps.add(new Step(expression, List.of(operands), attributes));
        return steps.size() - 1;
    }

    private static GateChains gelu() {
        GateChains c = new GateChains();
        int x = c.in();
        int half = c.op(1, "Scale", x);
        int normal = c.op(1, "Shift", c.op("Erf", c.op(1, "Scale", x)));
        c.op("Mul", half, normal);
        return c;
    }

    private static GateChains geluVjp() {
        GateChains c = new GateChains();
        int dy = c.in();
        int halfDy = c.op("Mul", dy, c.in());
        int normalDy = c.op("Mul", dy, c.in());
        int z = c.in();
        int density = c.op("Exp", c.op("Neg", c.op("Mul", z, z)));
        int zDy = c.op(1, "Scale", c.op("Mul", normalDy, density));
        c.op("Add", c.op(1, "Scale", zDy), c.op(1, "Scale", halfDy));
        return c;
    }

    /** y = tanh x, its tangent, its VJP dx and the tangent of that: what a Hessian-vector product needs. */
    private static GateChains tanhTwice() {
        GateChains c = new GateChains();
        int y = c.op("Tanh", c.in());
        int slope = c.op(1, "Shift", c.op("Neg", c.op("Mul", y, y)));
        int tangent = c.op("Mul", c.in(), slope);
        int dy = c.in();
        c.op("Mul", dy, slope);
        int bent = c.op("Mul", dy, c.op(1, "Scale", c.op("Mul", y, tangent)));
        c.op("Add", bent, c.op("Mul", c.in(), slope));
        return c;
    }

    private static GateChains residual() {
        GateChains c = new GateChains();
        int biased = c.op("Add", c.in(), c.by(0));
        c.op("Relu", c.op("Add", biased, c.in()));
        return c;
    }

    private static GateChains adam() {
        GateChains c = new GateChains();
        int g = c.in();
        int first = c.op(1, "AddScaled", c.op(1, "Scale", c.in()), g);
        int square = c.op("Mul", g, g);
        int second = c.op(1, "AddScaled", c.op(1, "Scale", c.in()), square);
        int root = c.op(1, "Shift", c.op("Sqrt", second));
        c.op(1, "AddScaled", c.in(), c.op("Div", first, root));
        return c;
    }

    private static GateChains functions() {
        GateChains c = new GateChains();
        int v = c.in();
        for (String function : List.of(
                "Exp",
                "Log1p",
                "Tanh",
                "Softplus",
                "Sigmoid",
                "Erf",
                "Abs",
                "Sqrt",
                "Log",
                "Exp",
                "Tanh",
                "Softplus",
                "Sigmoid",
                "Erf")) {
            v = c.op(function, v);
        }
        c.op(1, "Pow", c.op(2, "Clamp", v));
        return c;
    }

    private static GateChains widest() {
        GateChains c = new GateChains();
        int v = c.in();
        for (int k = 0; k < sixteen().length; k++) {
            v = c.op(1, "AddScaled", v, k < 7 ? c.in() : k < 15 ? c.by(k - 7) : v);
        }
        return c;
    }

    private static int[] sixteen() {
        int[] all = new int[Chain.MOST_LINKS];
        for (int k = 0; k < all.length; k++) {
            all[k] = k;
        }
        return all;
    }
}
