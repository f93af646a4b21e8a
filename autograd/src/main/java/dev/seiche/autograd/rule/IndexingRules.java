package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.linearIn;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of look-ups: linear in the elements, s.in(1) holds the ids. k interpreter, s site, dy cotangent of y; see {@link Rule}. */
final class IndexingRules {
    private IndexingRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                linearIn(
                                0,
                                Gather.class,
                                (k, s, dy) -> k.scatterAdd(
                                        dy, s.in(1), s.op().axis(), s.shape().dim(s.op().axis())))
                        .perSample(IndexingRules::gathered, IndexingRules::lookUp),
                linearIn(0, ScatterAdd.class, (k, s, dy) -> k.gather(dy, s.in(1), s.op().axis()))
                        .perSample(IndexingRules::scattered),
                linearIn(
                                0,
                                Pick.class,
                                (k, s, dy) -> k.unpick(dy, s.in(1), s.shape().dim(-1)))
                        .perSample(SampleFlows::same),
                linearIn(0, Unpick.class, (k, s, dy) -> k.pick(dy, s.in(1)))
                        .perSample((s, y, i) ->
                                y.axis() == s.y().shape().rank() - 1 ? SampleFlows.along(y) : SampleFlow.at(y)));
    }

    /** The axis that was looked up gave way to those of the ids: samples among them share what was looked up. */
    private static SampleFlow gathered(Site<Gather> s, SampleAxis y, int input) {
        int ids = s.in(1).shape().rank();
        int behind = y.axis() - s.op().axis() - ids;
        if (y.axis() < s.op().axis()) {
            return SampleFlow.at(y);
        }
        return behind < 0 ? SampleFlow.shared() : SampleFlow.at(y.on(s.op().axis() + 1 + behind));
    }

    private static SampleFlow scattered(Site<ScatterAdd> s, SampleAxis y, int input) {
        int axis = s.op().axis();
        if (y.axis() == axis) {
            return SampleFlows.along(y);
        }
        return SampleFlow.at(
                y.axis() < axis ? y : y.on(y.axis() - 1 + s.in(1).shape().rank()));
    }

    /** Rows of a table: one-hot rows times what came back for them; repeated ids add up. */
    private static @Nullable Factors<Value> lookUp(Ops<Value> k, Site<Gather> s, SampleAxis y, Value dy, int input) {
        if (s.op().axis() != 0) {
            return null;
        }
        Shape positions = s.in(1).shape();
        int row = Math.toIntExact(s.shape().slice(1, s.shape().rank()).size());
        Value ids = y.positions(k, k.reshape(s.in(1), positions.concat(Shape.of(1))));
        Value right = y.positions(k, k.reshape(dy, positions.concat(Shape.of(row))));
        Value flat = k.reshape(ids, ids.shape().slice(0, 2));
        return new Factors.Outer<>(new Side.Ids<>(flat, s.shape().dim(0)), new Side.Dense<>(right, 1), s.shape());
    }
}
