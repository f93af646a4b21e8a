package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.elementwise;
import static dev.seiche.autograd.rule.Rule.general;
import static dev.seiche.autograd.rule.Rule.linear;
import static dev.seiche.autograd.rule.Rule.none;
import static dev.seiche.autograd.rule.Rule.zero;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
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
import dev.seiche.tensor.op.Where;
import java.util.List;

/**
 * Rules of ops that treat each element by itself. k interpreter, s site with inputs s.x(), s.in(i) and result s.y(), t
 * a cotangent or tangent, which a map multiplies by the derivative; see {@link Rule} for the verbs. Samples go through
 * element by element, and a broadcast operand is shared by them.
 */
final class ElementwiseRules {
    private ElementwiseRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // one operand: t f'(x)
                linear(Neg.class, (k, s, dy) -> k.neg(dy)).perSample(SampleFlows::broadcast),
                linear(Scale.class, (k, s, dy) -> k.scale(dy, s.op().factor())).perSample(SampleFlows::broadcast),
                elementwise(Shift.class, (k, s, t) -> t),
                elementwise(Abs.class, (k, s, t) -> k.mul(t, k.sign(s.x()))),
                elementwise(Exp.class, (k, s, t) -> k.mul(t, s.y())),
                elementwise(Log.class, (k, s, t) -> k.div(t, s.x())),
                elementwise(Log1p.class, (k, s, t) -> k.div(t, k.shift(s.x(), 1.0))),
                elementwise(Sqrt.class, (k, s, t) -> k.scale(k.div(t, s.y()), 0.5)),
                elementwise(Pow.class, ElementwiseRules::pow),
                elementwise(Tanh.class, (k, s, t) -> k.mul(t, k.shift(k.neg(k.square(s.y())), 1.0)))
                        .fused((k, s, dy) -> k.apply(new TanhGrad(), List.of(s.y(), dy))),
                elementwise(Sigmoid.class, (k, s, t) -> k.mul(k.mul(t, s.y()), k.shift(k.neg(s.y()), 1.0)))
                        .fused((k, s, dy) -> k.apply(new SigmoidGrad(), List.of(s.y(), dy))),
                elementwise(Softplus.class, (k, s, t) -> k.mul(t, k.sigmoid(s.x()))),
                elementwise(
                        Erf.class,
                        (k, s, t) -> k.scale(k.mul(t, k.exp(k.neg(k.square(s.x())))), 2.0 / Math.sqrt(Math.PI))),
                // y itself is the mask: it is not 0 exactly where x > 0
                elementwise(Relu.class, (k, s, t) -> k.where(s.y(), t, constant(k, t, 0.0))),
                elementwise(
                        LeakyRelu.class,
                        (k, s, t) -> k.where(k.greater(s.x(), constant(k, t, 0.0)), t, k.scale(t, s.op().slope()))),
                elementwise(Clamp.class, (k, s, t) -> {
                    Value aboveLow = k.greater(s.x(), constant(k, t, s.op().low()));
                    Value belowHigh = k.less(s.x(), constant(k, t, s.op().high()));
                    return k.where(k.mul(aboveLow, belowHigh), t, constant(k, t, 0.0));
                }),

                // two operands: t dy/da, t dy/db
                elementwise(Add.class, (k, s, t) -> t, (k, s, t) -> t),
                elementwise(Sub.class, (k, s, t) -> t, (k, s, t) -> k.neg(t)),
                elementwise(Mul.class, (k, s, t) -> k.mul(t, s.in(1)), (k, s, t) -> k.mul(t, s.in(0))),
                elementwise(
                        Div.class, (k, s, t) -> k.div(t, s.in(1)), (k, s, t) -> k.neg(k.div(k.mul(t, s.y()), s.in(1)))),
                elementwise(
                        Maximum.class,
                        (k, s, t) -> k.mul(t, share(k, s.in(0), s.in(1))),
                        (k, s, t) -> k.mul(t, share(k, s.in(1), s.in(0)))),
                elementwise(
                        Minimum.class,
                        (k, s, t) -> k.mul(t, share(k, s.in(1), s.in(0))),
                        (k, s, t) -> k.mul(t, share(k, s.in(0), s.in(1)))),

                // mask, a, b
                elementwise(
                        Where.class,
                        none(),
                        (k, s, t) -> k.where(s.in(0), t, constant(k, t, 0.0)),
                        (k, s, t) -> k.where(s.in(0), constant(k, t, 0.0), t)),

                // constant between jumps, or meant as a constant
                zero(Sign.class),
                zero(Greater.class),
                zero(GreaterEqual.class),
                zero(Equal.class),
                zero(StopGradient.class),
                zero(Fill.class),
                general(Cast.class, ElementwiseRules::castBack, ElementwiseRules::castForward)
                        .perSample(SampleFlows::broadcast));
    }

    /** x^0 is constant even at 0, where 0 x^-1 would be NaN; 1 and 2 spare the power. */
    private static Value pow(Ops<Value> k, Site<Pow> s, Value t) {
        double p = s.op().exponent();
        if (p == 0.0) {
            return k.zerosLike(t);
        }
        if (p == 1.0) {
            return t;
        }
        return k.scale(k.mul(t, p == 2.0 ? s.x() : k.pow(s.x(), p - 1.0)), p);
    }

    /** 1 where a > b, 1/2 where equal, else 0. */
    private static Value share(Ops<Value> k, Value a, Value b) {
        return k.scale(k.add(k.greater(a, b), k.greaterEqual(a, b)), 0.5);
    }

    /** A scalar of {@code like}'s dtype, to be broadcast. */
    private static Value constant(Ops<Value> k, Value like, double value) {
        return k.fill(new TensorType(like.dtype(), Shape.scalar()), value);
    }

    private static Value castBack(Ops<Value> k, Site<Cast> s, Value dy) {
        requireFloating(s.op(), s.op().to().floating());
        // an integer x came from an op without derivative, which is next on the way back and will say so
        return s.x().dtype().floating() ? k.cast(dy, s.x().dtype()) : dy;
    }

    private static Value castForward(Ops<Value> k, Site<Cast> s, Value t) {
        requireFloating(s.op(), s.op().to().floating());
        return k.cast(t, s.op().to());
    }

    private static void requireFloating(Op op, boolean floating) {
        if (!floating) {
            throw new NonDifferentiableException(op, "rounding to integers jumps");
        }
    }
}
