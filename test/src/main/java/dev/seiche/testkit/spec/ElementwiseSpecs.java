package dev.seiche.testkit.spec;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Equal;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Greater;
import dev.seiche.tensor.op.GreaterEqual;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.SigmoidGrad;
import dev.seiche.tensor.op.Sign;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.StopGradient;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.TanhGrad;
import dev.seiche.tensor.op.Uniform;
import dev.seiche.tensor.op.Where;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;
import java.util.function.Function;

/** Specs of the ops that treat each element by itself. */
final class ElementwiseSpecs {
    private ElementwiseSpecs() {}

    static List<OpSpec<?>> all() {
        return List.of(
                unary(Neg.class, new Neg(), -4, 4),
                kinked(Abs.class, d -> new Abs()).example(new Abs(), row(-2, 0, 3), vec(2, 0, 3)),
                kinked(Sign.class, d -> new Sign()).example(new Sign(), row(-2, 0, 3), vec(-1, 0, 1)),
                unary(Exp.class, new Exp(), -4, 4).example(new Exp(), row(0, 1), vec(1, Math.E)),
                unary(Log.class, new Log(), 0.1, 8).example(new Log(), row(1, Math.E), vec(0, 1)),
                unary(Log1p.class, new Log1p(), -0.9, 4).example(new Log1p(), row(0, 1e-7), vec(0, Math.log1p(1e-7))),
                unary(Sqrt.class, new Sqrt(), 0.1, 8).example(new Sqrt(), row(0, 4), vec(0, 2)),
                unary(Tanh.class, new Tanh(), -4, 4).example(new Tanh(), row(0, 40, -40), vec(0, 1, -1)),
                unary(Sigmoid.class, new Sigmoid(), -6, 6).example(new Sigmoid(), row(0, 800, -800), vec(0.5, 1, 0)),
                kinked(Relu.class, d -> new Relu()).example(new Relu(), row(-1, 0, 2), vec(0, 0, 2)),
                unary(Softplus.class, new Softplus(), -6, 6)
                        .example(new Softplus(), row(0, 800, -800), vec(Math.log(2), 800, 0)),
                unary(Erf.class, new Erf(), -3, 3)
                        .example(
                                new Erf(),
                                row(0, 0.5, 1, -2),
                                vec(0, 0.5204998778130465, 0.8427007929497149, -0.9953222650189527)),
                attribute(Scale.class, d -> new Scale(d.uniform(-3, 3)), -4, 4),
                attribute(Shift.class, d -> new Shift(d.uniform(-3, 3)), -4, 4),
                attribute(Pow.class, d -> new Pow(new double[] {-1.5, -1, 0, 0.5, 1, 2, 3}[d.between(0, 6)]), 0.3, 3)
                        .ulps(16)
                        .example(new Pow(3), row(-2, 0, 2), vec(-8, 0, 8)),
                kinked(LeakyRelu.class, d -> new LeakyRelu(d.uniform(0, 0.5)))
                        .example(new LeakyRelu(0.1), row(-10, 0, 5), vec(-1, 0, 5)),
                kinked(Clamp.class, d -> new Clamp(-0.6, 0.9)).example(new Clamp(-1, 2), row(-3, 0, 5), vec(-1, 0, 2)),
                binary(Add.class, new Add()).example(new Add(), pair(), vec(11, 22)),
                binary(Sub.class, new Sub()).example(new Sub(), pair(), vec(-9, -18)),
                binary(Mul.class, new Mul()).example(new Mul(), pair(), vec(10, 40)),
                OpSpec.of(Div.class, d -> {
                            Shape shape = d.shape();
                            return Drawn.of(
                                    new Div(),
                                    Operand.uniform(shape, -4, 4),
                                    Operand.uniform(d.stretchable(shape), 0.5, 4));
                        })
                        .example(new Div(), pair(), vec(0.1, 0.1)),
                attributed(AddScaled.class, d -> new AddScaled(d.uniform(-3, 3)))
                        .ulps(8)
                        .example(new AddScaled(0.5), pair(), vec(6, 12)),
                gradient(TanhGrad.class, new TanhGrad(), -1)
                        .example(new TanhGrad(), List.of(Literal.vector(0, 0.5), Literal.vector(3, 4)), vec(3, 3)),
                gradient(SigmoidGrad.class, new SigmoidGrad(), 0)
                        .example(new SigmoidGrad(), List.of(Literal.vector(0, 0.5), Literal.vector(3, 4)), vec(0, 1)),
                compared(Maximum.class, new Maximum(), 0.05)
                        .example(new Maximum(), List.of(Literal.vector(1, 5), Literal.vector(3, 2)), vec(3, 5)),
                compared(Minimum.class, new Minimum(), 0.05)
                        .example(new Minimum(), List.of(Literal.vector(1, 5), Literal.vector(3, 2)), vec(1, 2)),
                compared(Greater.class, new Greater(), 0)
                        .example(
                                new Greater(), List.of(Literal.vector(1, 5, 2), Literal.vector(3, 2, 2)), vec(0, 1, 0)),
                compared(GreaterEqual.class, new GreaterEqual(), 0)
                        .example(
                                new GreaterEqual(),
                                List.of(Literal.vector(1, 5, 2), Literal.vector(3, 2, 2)),
                                vec(0, 1, 1)),
                compared(Equal.class, new Equal(), 0)
                        .example(new Equal(), List.of(Literal.vector(1, 5, 2), Literal.vector(3, 2, 2)), vec(0, 0, 1)),
                OpSpec.of(Where.class, d -> {
                    Shape shape = d.shape();
                    return Drawn.of(
                            new Where(),
                            Operand.mask(d.stretchable(shape)),
                            Operand.uniform(shape, -4, 4),
                            Operand.uniform(d.stretchable(shape), -4, 4));
                }),
                OpSpec.of(Copy.class, d -> Drawn.of(new Copy(), Operand.uniform(d.shape(), -4, 4))),
                OpSpec.of(StopGradient.class, d -> Drawn.of(new StopGradient(), Operand.uniform(d.shape(), -4, 4))),
                OpSpec.of(
                        Cast.class,
                        d -> Drawn.of(
                                new Cast(d.chance(0.5) ? DType.F64 : DType.F32), Operand.uniform(d.shape(), -4, 4))),
                OpSpec.of(Fill.class, d -> Drawn.of(new Fill(new TensorType(DType.F64, d.shape()), d.uniform(-4, 4)))),
                OpSpec.of(
                        Bernoulli.class,
                        d -> Drawn.of(new Bernoulli(
                                Rng.seed(d.between(0, 9)), d.uniform(0, 1), new TensorType(DType.F64, d.shape())))),
                OpSpec.of(
                        Uniform.class,
                        d -> Drawn.of(new Uniform(Rng.seed(d.between(0, 9)), new TensorType(DType.F64, d.shape())))),
                OpSpec.of(
                        Normal.class,
                        d -> Drawn.of(new Normal(Rng.seed(d.between(0, 9)), new TensorType(DType.F64, d.shape())))));
    }

    private static <O extends Op> OpSpec<O> unary(Class<O> type, O op, double low, double high) {
        return attribute(type, d -> op, low, high);
    }

    private static <O extends Op> OpSpec<O> attribute(Class<O> type, Function<Draw, O> op, double low, double high) {
        return OpSpec.of(type, d -> Drawn.of(op.apply(d), Operand.uniform(d.shape(), low, high)))
                .flops(c -> c.operands().get(0).shape().size());
    }

    /** Values on a grid that stays 0.05 away from the kinks at multiples of 0.1. */
    private static <O extends Op> OpSpec<O> kinked(Class<O> type, Function<Draw, O> op) {
        return OpSpec.of(type, d -> Drawn.of(op.apply(d), Operand.grid(d.shape(), 0.05, 0.1)));
    }

    private static <O extends Op> OpSpec<O> binary(Class<O> type, O op) {
        return attributed(type, d -> op);
    }

    private static <O extends Op> OpSpec<O> attributed(Class<O> type, Function<Draw, O> op) {
        return OpSpec.of(type, d -> {
            Shape shape = d.shape();
            Operand a = Operand.uniform(shape, -4, 4);
            Operand b = Operand.uniform(d.stretchable(shape), -4, 4);
            return d.chance(0.5) ? Drawn.of(op.apply(d), a, b) : Drawn.of(op.apply(d), b, a);
        });
    }

    /** A derivative from the function's result, which lies in [low, 1], and a cotangent. */
    private static <O extends Op> OpSpec<O> gradient(Class<O> type, O op, double low) {
        return OpSpec.of(type, d -> {
            Shape shape = d.shape();
            return Drawn.of(op, Operand.uniform(shape, low, 1), Operand.uniform(shape, -4, 4));
        });
    }

    /** Operands on two grids, {@code apart} from each other: ties only where the op has no derivative to check. */
    private static <O extends Op> OpSpec<O> compared(Class<O> type, O op, double apart) {
        return OpSpec.of(type, d -> {
            Shape shape = d.shape();
            return Drawn.of(op, Operand.grid(shape, 0, 0.1), Operand.grid(d.stretchable(shape), apart, 0.1));
        });
    }

    private static List<Literal> row(double... values) {
        return List.of(Literal.vector(values));
    }

    private static List<Literal> pair() {
        return List.of(Literal.vector(1, 2), Literal.vector(10, 20));
    }

    private static Literal vec(double... values) {
        return Literal.vector(values);
    }
}
