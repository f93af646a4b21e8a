package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Binary;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Unary;
import dev.seiche.tensor.op.Uniform;
import dev.seiche.tensor.op.Where;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Ops that treat each element by itself, computed in double and rounded once. */
final class ReferenceElementwise {
    private ReferenceElementwise() {}

    static <O extends Unary> Kernel<O> unary(Function<O, DoubleUnaryOperator> formula) {
        return StridedKernel.elementwise((op, in, out) -> map(formula.apply(op), in.get(0), out));
    }

    static <O extends Binary> Kernel<O> binary(DoubleBinaryOperator formula) {
        return StridedKernel.elementwise((op, in, out) -> map(formula, in.get(0), in.get(1), out));
    }

    static void addScaled(AddScaled op, List<Tensor> in, Tensor out) {
        map((a, b) -> a + op.factor() * b, in.get(0), in.get(1), out);
    }

    static void where(Where op, List<Tensor> in, Tensor out) {
        Cells mask = Cells.of(in.get(0));
        Cells a = Cells.of(in.get(1));
        Cells b = Cells.of(in.get(2));
        Cells y = Cells.of(out);
        Walk walk = Walk.over(out.shape(), mask.layout, a.layout, b.layout, y.layout);
        for (long i = 0, n = out.shape().size(); i < n; i++, walk.step()) {
            double chosen = mask.get(walk.place(0)) != 0 ? a.get(walk.place(1)) : b.get(walk.place(2));
            y.set(walk.place(3), chosen);
        }
    }

    static void cast(Cast op, List<Tensor> in, Tensor out) {
        map(x -> x, in.get(0), out);
    }

    static void copy(Copy op, List<Tensor> in, Tensor out) {
        map(x -> x, in.get(0), out);
    }

    static void fill(Fill op, List<Tensor> in, Tensor out) {
        constant(out, op.value());
    }

    static void bernoulli(Bernoulli op, List<Tensor> in, Tensor out) {
        Cells y = Cells.of(out);
        for (long i = 0, n = out.shape().size(); i < n; i++) {
            y.set(y.layout.offset() + i, op.rng().bernoulli(i, op.probability()) ? 1 : 0);
        }
    }

    static void uniform(Uniform op, List<Tensor> in, Tensor out) {
        // in f32 the top 24 bits: the f64 number rounded down
        double steps = out.dtype() == DType.F32 ? 0x1p24 : 0x1p53;
        Cells y = Cells.of(out);
        for (long i = 0, n = out.shape().size(); i < n; i++) {
            y.set(y.layout.offset() + i, Math.floor(op.rng().uniform(i) * steps) / steps);
        }
    }

    static void normal(Normal op, List<Tensor> in, Tensor out) {
        Cells y = Cells.of(out);
        for (long i = 0, n = out.shape().size(); i < n; i++) {
            y.set(y.layout.offset() + i, op.rng().normal(i));
        }
    }

    /** Sets every element of a contiguous tensor to one value. */
    static void constant(Tensor out, double value) {
        Cells y = Cells.of(out);
        for (long i = 0, n = out.shape().size(); i < n; i++) {
            y.set(y.layout.offset() + i, value);
        }
    }

    private static void map(DoubleUnaryOperator f, Tensor from, Tensor to) {
        Cells x = Cells.of(from);
        Cells y = Cells.of(to);
        Walk walk = Walk.over(to.shape(), x.layout, y.layout);
        for (long i = 0, n = to.shape().size(); i < n; i++, walk.step()) {
            y.set(walk.place(1), f.applyAsDouble(x.get(walk.place(0))));
        }
    }

    private static void map(DoubleBinaryOperator f, Tensor first, Tensor second, Tensor to) {
        Cells a = Cells.of(first);
        Cells b = Cells.of(second);
        Cells y = Cells.of(to);
        Walk walk = Walk.over(to.shape(), a.layout, b.layout, y.layout);
        for (long i = 0, n = to.shape().size(); i < n; i++, walk.step()) {
            y.set(walk.place(2), f.applyAsDouble(a.get(walk.place(0)), b.get(walk.place(1))));
        }
    }
}
