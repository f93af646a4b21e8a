package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.linearIn;

import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Unpick;
import java.util.List;

/** Rules of look-ups: linear in the elements, s.in(1) holds the ids. k interpreter, s site, dy cotangent of y; see {@link Rule}. */
final class IndexingRules {
    private IndexingRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                linearIn(
                        0,
                        Gather.class,
                        (k, s, dy) -> k.scatterAdd(
                                dy, s.in(1), s.op().axis(), s.shape().dim(s.op().axis()))),
                linearIn(0, ScatterAdd.class, (k, s, dy) -> k.gather(dy, s.in(1), s.op().axis())),
                linearIn(
                        0,
                        Pick.class,
                        (k, s, dy) -> k.unpick(dy, s.in(1), s.shape().dim(-1))),
                linearIn(0, Unpick.class, (k, s, dy) -> k.pick(dy, s.in(1))));
    }
}
