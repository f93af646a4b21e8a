package dev.seiche.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Equal;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Greater;
import dev.seiche.tensor.op.GreaterEqual;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.SigmoidGrad;
import dev.seiche.tensor.op.Sign;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.TanhGrad;
import dev.seiche.tensor.op.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** The table of elementwise ops: one line per op and element type. */
final class VectorFormulas {
    private final CpuMachine machine;
    private final CpuKernels kernels;
    private final Loops loops = new Loops();

    private VectorFormulas(CpuMachine machine, CpuKernels kernels) {
        this.machine = machine;
        this.kernels = kernels;
    }

    static void register(CpuMachine machine, CpuKernels kernels) {
        VectorFormulas table = new VectorFormulas(machine, kernels);
        table.unary();
        table.attributed();
        table.binary();
        table.masks();
    }

    private void unary() {
        unary(Abs.class, 1, (x, p, q) -> x.abs(), (x, p, q) -> x.abs());
        unary(Exp.class, 8, (x, p, q) -> F32Math.exp(x), (x, p, q) -> F64Math.exp(x));
        unary(Log.class, 8, (x, p, q) -> F32Math.log(x), (x, p, q) -> F64Math.log(x));
        unary(Neg.class, 1, (x, p, q) -> x.neg(), (x, p, q) -> x.neg());
        unary(Relu.class, 1, (x, p, q) -> x.max(0), (x, p, q) -> x.max(0));
        unary(
                Sign.class,
                1,
                (x, p, q) -> x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f)),
                (x, p, q) -> x.blend(1.0, x.compare(GT, 0.0)).blend(-1.0, x.compare(LT, 0.0)));
        unary(Sqrt.class, 4, (x, p, q) -> x.sqrt(), (x, p, q) -> x.sqrt());
        unary(Tanh.class, 8, (x, p, q) -> F32Math.tanh(x), (x, p, q) -> F64Math.tanh(x));
        chained();
    }

    private void chained() {
        chained(
                Log1p.class,
                14,
                List.of((x, p, q) -> F32Math.log1pInside(x), (x, t, p) -> F32Math.log1p(x, t)),
                List.of((x, p, q) -> F64Math.log1pInside(x), (x, t, p) -> F64Math.log1p(x, t)));
        chained(
                Sigmoid.class,
                6,
                List.of((x, p, q) -> F32Math.expMinusAbs(x), (x, e, p) -> F32Math.sigmoid(x, e)),
                List.of((x, p, q) -> F64Math.expMinusAbs(x), (x, e, p) -> F64Math.sigmoid(x, e)));
        chained(
                Softplus.class,
                14,
                List.of((x, p, q) -> F32Math.expMinusAbs(x), (x, e, p) -> F32Math.softplus(x, e)),
                List.of((x, p, q) -> F64Math.expMinusAbs(x), (x, e, p) -> F64Math.softplus(x, e)));
        chained(
                Erf.class,
                10,
                List.of(
                        (x, p, q) -> F32Math.erfDecay(x),
                        (x, decay, p) -> F32Math.erfc(x, decay),
                        (x, erfc, p) -> F32Math.erf(x, erfc)),
                List.of(
                        (x, p, q) -> F64Math.erfDecay(x),
                        (x, decay, p) -> F64Math.erfc(x, decay),
                        (x, erfc, p) -> F64Math.erf(x, erfc)));
    }

    private void attributed() {
        attributed(
                Clamp.class,
                Clamp::low,
                Clamp::high,
                (x, low, high) -> x.max(low).min(high),
                (x, low, high) -> x.max(low).min(high));
        attributed(
                LeakyRelu.class,
                LeakyRelu::slope,
                op -> 0,
                (x, slope, q) -> x.mul(slope).blend(x, x.compare(GT, 0f)),
                (x, slope, q) -> x.mul(slope).blend(x, x.compare(GT, 0.0)));
        attributed(Scale.class, Scale::factor, op -> 0, (x, f, q) -> x.mul(f), (x, f, q) -> x.mul(f));
        attributed(Shift.class, Shift::offset, op -> 0, (x, c, q) -> x.add(c), (x, c, q) -> x.add(c));
    }

    private void binary() {
        binary(Add.class, (a, b, c) -> a.add(b), (a, b, c) -> a.add(b));
        binary(Sub.class, (a, b, c) -> a.sub(b), (a, b, c) -> a.sub(b));
        binary(Mul.class, (a, b, c) -> a.mul(b), (a, b, c) -> a.mul(b));
        binary(Div.class, (a, b, c) -> a.div(b), (a, b, c) -> a.div(b));
        kernels.put(
                AddScaled.class,
                kernel(1, 2, AddScaled::factor, op -> 0, (a, b, f) -> b.fma(f, a), (a, b, f) -> b.fma(f, a)));
        binary(
                TanhGrad.class,
                (y, dy, c) -> dy.mul(y.mul(y).neg().add(1)),
                (y, dy, c) -> dy.mul(y.mul(y).neg().add(1)));
        binary(
                SigmoidGrad.class,
                (y, dy, c) -> dy.mul(y).mul(y.neg().add(1)),
                (y, dy, c) -> dy.mul(y).mul(y.neg().add(1)));
        binary(Maximum.class, (a, b, c) -> a.max(b), (a, b, c) -> a.max(b));
        binary(Minimum.class, (a, b, c) -> a.min(b), (a, b, c) -> a.min(b));
    }

    private void masks() {
        binary(
                Greater.class,
                (a, b, c) -> zero(a).blend(1f, a.compare(GT, b)),
                (a, b, c) -> zero(a).blend(1.0, a.compare(GT, b)));
        binary(
                GreaterEqual.class,
                (a, b, c) -> zero(a).blend(1f, a.compare(GE, b)),
                (a, b, c) -> zero(a).blend(1.0, a.compare(GE, b)));
        binary(
                Equal.class,
                (a, b, c) -> zero(a).blend(1f, a.compare(EQ, b)),
                (a, b, c) -> zero(a).blend(1.0, a.compare(EQ, b)));
        kernels.put(
                Where.class,
                kernel(
                        1,
                        3,
                        op -> 0,
                        op -> 0,
                        (mask, a, b) -> b.blend(a, mask.compare(NE, 0f)),
                        (mask, a, b) -> b.blend(a, mask.compare(NE, 0.0))));
    }

    private <O extends Op> void unary(Class<O> op, int cost, F32Formula f32, F64Formula f64) {
        kernels.put(op, kernel(cost, 1, any -> 0, any -> 0, f32, f64));
    }

    /** A formula in several loops: see {@link ChainedLoops}. */
    private <O extends Op> void chained(Class<O> op, int cost, List<F32Formula> f32, List<F64Formula> f64) {
        List<ElementLoop> loopsF32 = new ArrayList<>();
        List<ElementLoop> loopsF64 = new ArrayList<>();
        for (int i = 0; i < f32.size(); i++) {
            int operands = i == 0 ? 1 : 2;
            loopsF32.add(loops.f32(f32.get(i), operands));
            loopsF64.add(loops.f64(f64.get(i), operands));
        }
        ElementLoop chainF32 = new ChainedLoops(loopsF32);
        ElementLoop chainF64 = new ChainedLoops(loopsF64);
        kernels.put(op, new VectorElementwise<>(machine, chainF32, chainF64, any -> 0, any -> 0, cost));
    }

    private <O extends Op> void attributed(
            Class<O> op, ToDoubleFunction<O> first, ToDoubleFunction<O> second, F32Formula f32, F64Formula f64) {
        kernels.put(op, kernel(1, 1, first, second, f32, f64));
    }

    private <O extends Op> void binary(Class<O> op, F32Formula f32, F64Formula f64) {
        kernels.put(op, kernel(1, 2, any -> 0, any -> 0, f32, f64));
    }

    private <O extends Op> VectorElementwise<O> kernel(
            int cost,
            int operands,
            ToDoubleFunction<O> first,
            ToDoubleFunction<O> second,
            F32Formula f32,
            F64Formula f64) {
        return new VectorElementwise<>(
                machine, loops.f32(f32, operands), loops.f64(f64, operands), first, second, cost);
    }

    private static FloatVector zero(FloatVector like) {
        return FloatVector.zero(like.species());
    }

    private static DoubleVector zero(DoubleVector like) {
        return DoubleVector.zero(like.species());
    }
}
