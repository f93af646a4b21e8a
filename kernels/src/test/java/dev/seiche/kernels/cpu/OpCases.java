package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Equal;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Greater;
import dev.seiche.tensor.op.GreaterEqual;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.SigmoidGrad;
import dev.seiche.tensor.op.Sign;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Sum;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.TanhGrad;
import dev.seiche.tensor.op.Uniform;
import dev.seiche.tensor.op.Unpick;
import dev.seiche.tensor.op.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Random cases of every op: shapes that broadcast, sizes around vector widths and block sizes, sizes of 0 and 1. */
final class OpCases {
    /** How far a faster kernel may be from the reference. */
    enum Bound {
        /** The same value. */
        EXACT,
        /** So many units in the last place of the result. */
        ULPS,
        /** So many times the relative rounding error. */
        ABSOLUTE,
        /** So many roundings of what the op gives on absolute values: an error bound for sums of products. */
        TERMS
    }

    /**
     * One operand.
     *
     * @param low lowest value, or for ids 0
     * @param high highest value, or for ids their bound
     * @param selects its values choose between other values, rather than being summed: the error bound takes no absolutes
     */
    record Input(Shape shape, boolean ids, double low, double high, boolean selects) {
        Input(Shape shape, boolean ids, double low, double high) {
            this(shape, ids, low, high, ids);
        }

        static Input of(Shape shape) {
            return new Input(shape, false, -2, 2);
        }

        Input selecting() {
            return new Input(shape, ids, low, high, true);
        }

        static Input ids(Shape shape, int bound) {
            return new Input(shape, true, 0, bound);
        }
    }

    record Case(Op op, List<Input> inputs, Bound bound, double amount) {}

    /** Makes a case from random numbers. */
    interface Maker {
        Case make(Draws draws, DType dtype);
    }

    private OpCases() {}

    static Map<String, Maker> all() {
        Map<String, Maker> cases = new LinkedHashMap<>();
        unary(cases);
        binary(cases);
        movement(cases);
        reductions(cases);
        indexing(cases);
        products(cases);
        NormalisationCases.addTo(cases);
        SpatialCases.addTo(cases);
        return cases;
    }

    /** Errors allowed to the vector functions are those measured over their ranges, rounded up: see F32Math. */
    private static void unary(Map<String, Maker> cases) {
        unary(cases, new Abs(), Bound.EXACT, 0, -9, 9);
        unary(cases, new Neg(), Bound.EXACT, 0, -9, 9);
        unary(cases, new Relu(), Bound.EXACT, 0, -9, 9);
        unary(cases, new Sign(), Bound.EXACT, 0, -9, 9);
        unary(cases, new Sqrt(), Bound.EXACT, 0, -1, 9);
        unary(cases, new Clamp(-0.5, 1.25), Bound.EXACT, 0, -2, 2);
        unary(cases, new Pow(1.5), Bound.EXACT, 0, 0, 3);
        unary(cases, new Exp(), Bound.ULPS, 2, -110, 100);
        unary(cases, new Log(), Bound.ULPS, 2, -1, 30);
        unary(cases, new Log1p(), Bound.ULPS, 2, -1.5, 30);
        unary(cases, new Tanh(), Bound.ULPS, 3, -12, 12);
        unary(cases, new Sigmoid(), Bound.ULPS, 3, -40, 40);
        unary(cases, new Softplus(), Bound.ULPS, 4, -40, 40);
        unary(cases, new Erf(), Bound.ULPS, 8, -7, 7);
        // the attribute is rounded to f32 first: one more rounding than the reference
        unary(cases, new Scale(0.1), Bound.ULPS, 1, -9, 9);
        unary(cases, new LeakyRelu(0.01), Bound.ULPS, 1, -9, 9);
        // and adding may cancel: absolute values bound the error
        unary(cases, new Shift(0.3), Bound.TERMS, 2, -9, 9);
    }

    private static void unary(Map<String, Maker> cases, Op op, Bound bound, double amount, double low, double high) {
        cases.put(
                op.name(), (d, dtype) -> new Case(op, List.of(new Input(d.shape(), false, low, high)), bound, amount));
    }

    private static void binary(Map<String, Maker> cases) {
        for (Op op : List.of(
                new Add(),
                new Sub(),
                new Mul(),
                new Div(),
                new Maximum(),
                new Minimum(),
                new Greater(),
                new GreaterEqual(),
                new Equal())) {
            cases.put(op.name(), (d, dtype) -> {
                Shape shape = d.shape();
                Input a = Input.of(d.stretchable(shape));
                Input b = Input.of(d.stretchable(shape));
                return new Case(op, List.of(a, b), Bound.EXACT, 0);
            });
        }
        // one rounding less than the reference where products are fused, on terms that may cancel
        for (Op op : List.of(new AddScaled(-0.3), new TanhGrad(), new SigmoidGrad())) {
            cases.put(op.name(), (d, dtype) -> {
                Shape shape = d.shape();
                return new Case(
                        op,
                        List.of(Input.of(d.stretchable(shape)), Input.of(d.stretchable(shape))),
                        Bound.ABSOLUTE,
                        // operands up to 2: intermediate results up to 12, four roundings
                        4 * 12);
            });
        }
        cases.put("where", (d, dtype) -> {
            Shape shape = d.shape();
            Input mask = new Input(d.stretchable(shape), false, 0, 1);
            return new Case(
                    new Where(),
                    List.of(mask, Input.of(d.stretchable(shape)), Input.of(d.stretchable(shape))),
                    Bound.EXACT,
                    0);
        });
    }

    private static void movement(Map<String, Maker> cases) {
        cases.put("copy", (d, dtype) -> new Case(new Copy(), List.of(Input.of(d.shape())), Bound.EXACT, 0));
        cases.put("cast", (d, dtype) -> {
            DType to = List.of(DType.F32, DType.F64, DType.I32).get(d.below(3));
            Input from = d.below(3) == 0 ? Input.ids(d.shape(), 50) : Input.of(d.shape());
            return new Case(new Cast(to), List.of(from), Bound.EXACT, 0);
        });
        cases.put(
                "fill",
                (d, dtype) -> new Case(
                        new Fill(new TensorType(dtype, d.shape()), d.below(3) - 0.5), List.of(), Bound.EXACT, 0));
        cases.put(
                "bernoulli",
                (d, dtype) -> new Case(
                        new Bernoulli(Rng.seed(d.below(99)), 0.3, new TensorType(dtype, d.shape())),
                        List.of(),
                        Bound.EXACT,
                        0));
        cases.put(
                "uniform",
                (d, dtype) -> new Case(
                        new Uniform(Rng.seed(d.below(99)), new TensorType(dtype, d.shape())),
                        List.of(),
                        Bound.EXACT,
                        0));
        cases.put(
                "normal",
                (d, dtype) -> new Case(
                        new Normal(Rng.seed(d.below(99)), new TensorType(dtype, d.shape())),
                        List.of(),
                        Bound.EXACT,
                        0));
        cases.put("concat", (d, dtype) -> {
            Shape shape = d.shape(1 + d.below(3));
            int axis = d.below(shape.rank());
            List<Input> inputs = new ArrayList<>();
            for (int i = 0; i <= d.below(3); i++) {
                inputs.add(Input.of(shape.with(axis, d.size())));
            }
            return new Case(new Concat(axis), inputs, Bound.EXACT, 0);
        });
        cases.put("place", (d, dtype) -> {
            Shape shape = d.shape();
            int[] into = shape.dims();
            List<Integer> start = new ArrayList<>();
            List<Integer> step = new ArrayList<>();
            for (int k = 0; k < into.length; k++) {
                start.add(d.below(3));
                step.add(1 + d.below(2));
                into[k] = start.get(k) + into[k] * step.get(k) + d.below(2);
            }
            return new Case(new Place(Shape.of(into), start, step), List.of(Input.of(shape)), Bound.EXACT, 0);
        });
    }

    private static void reductions(Map<String, Maker> cases) {
        cases.put("sum", (d, dtype) -> {
            Shape shape = d.shape();
            return new Case(
                    new Sum(d.axes(shape), d.below(2) == 0),
                    List.of(Input.of(shape)),
                    Bound.TERMS,
                    terms(shape.size()));
        });
        cases.put("max", (d, dtype) -> {
            Shape shape = d.filled();
            return new Case(new Max(d.axes(shape), d.below(2) == 0), List.of(Input.of(shape)), Bound.EXACT, 0);
        });
        cases.put("arg_max", (d, dtype) -> {
            Shape shape = d.filled(1 + d.below(3));
            return new Case(new ArgMax(d.below(shape.rank())), List.of(Input.of(shape)), Bound.EXACT, 0);
        });
    }

    private static void indexing(Map<String, Maker> cases) {
        cases.put("gather", (d, dtype) -> {
            Shape x = d.filled(1 + d.below(3));
            int axis = d.below(x.rank());
            Input ids = Input.ids(d.shape(d.below(3)), x.dim(axis));
            return new Case(new Gather(axis), List.of(Input.of(x), ids), Bound.EXACT, 0);
        });
        cases.put("scatter_add", (d, dtype) -> {
            Shape ids = d.shape(d.below(3));
            Shape before = d.shape(d.below(2));
            Shape after = d.shape(d.below(2));
            Shape src = before.concat(ids).concat(after);
            int size = 1 + d.below(9);
            return new Case(
                    new ScatterAdd(before.rank(), size),
                    List.of(Input.of(src), Input.ids(ids, size)),
                    Bound.TERMS,
                    Math.max(1, ids.size()));
        });
        cases.put("pick", (d, dtype) -> {
            Shape rows = d.shape(d.below(3));
            int classes = 1 + d.below(20);
            Input x = Input.of(rows.concat(Shape.of(classes)));
            return new Case(new Pick(), List.of(x, Input.ids(rows, classes)), Bound.EXACT, 0);
        });
        cases.put("unpick", (d, dtype) -> {
            Shape rows = d.shape(d.below(3));
            int classes = 1 + d.below(20);
            return new Case(new Unpick(classes), List.of(Input.of(rows), Input.ids(rows, classes)), Bound.EXACT, 0);
        });
    }

    private static void products(Map<String, Maker> cases) {
        cases.put("matmul", (d, dtype) -> {
            Shape batch = d.small(d.below(3));
            int m = d.size();
            int n = d.size();
            int k = d.size();
            boolean ta = d.below(2) == 0;
            boolean tb = d.below(2) == 0;
            Shape a = d.stretchable(batch).concat(ta ? Shape.of(k, m) : Shape.of(m, k));
            Shape b = d.stretchable(batch).concat(tb ? Shape.of(n, k) : Shape.of(k, n));
            return new Case(new Matmul(ta, tb), List.of(Input.of(a), Input.of(b)), Bound.TERMS, terms(k));
        });
        cases.put("linear", (d, dtype) -> {
            int k = d.size();
            int n = d.size();
            List<Input> inputs = new ArrayList<>();
            inputs.add(Input.of(d.shape(d.below(3)).concat(Shape.of(k))));
            inputs.add(Input.of(Shape.of(k, n)));
            if (d.below(2) == 0) {
                inputs.add(Input.of(Shape.of(n)));
            }
            return new Case(new Linear(), inputs, Bound.TERMS, terms(k + 1));
        });
    }

    /** Roundings of a sum of n terms in any order, plus one for each product: Higham, Accuracy and Stability, section 3.1. */
    static double terms(long n) {
        return n + 2;
    }
}
