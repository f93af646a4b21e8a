package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.general;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.Softmax;
import java.util.List;

/** Rules of ops that normalise along an axis. k interpreter, s site, dy cotangent of y, t tangent of x; see {@link Rule}. */
final class NormRules {
    private NormRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // the Jacobian diag(y) - y yT is its own adjoint
                general(Softmax.class, NormRules::softmax, NormRules::softmax)
                        .perSample(SampleFlows.mixes(Softmax::axis)),
                general(
                                LogSoftmax.class,
                                (k, s, dy) -> k.sub(dy, k.mul(k.exp(s.y()), k.sumKeep(dy, s.op().axis()))),
                                (k, s, t) -> k.sub(t, k.sumKeep(k.mul(k.exp(s.y()), t), s.op().axis())))
                        .perSample(SampleFlows.mixes(LogSoftmax::axis)));
    }

    private static Value softmax(Ops<Value> k, Site<Softmax> s, Value t) {
        return k.mul(s.y(), k.sub(t, k.sumKeep(k.mul(s.y(), t), s.op().axis())));
    }
}
