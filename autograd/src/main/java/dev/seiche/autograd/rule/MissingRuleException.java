package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;

/** A derivative was asked of an op that the rule table does not know. The message says which row to write, and where. */
public final class MissingRuleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingRuleException(Op op) {
        super("%s: no derivative rule for op record %s; add a row for it to the table of its family in %s, "
                        .formatted(op.name(), op.getClass().getName(), Rule.class.getPackageName())
                + "or give the tape Rules.standard().with(rule); verbs: elementwise, linear, linearIn, bilinear, general, "
                + "zero, nonDifferentiable, as in linear(%s.class, (k, s, dy) -> ...)"
                        .formatted(op.getClass().getSimpleName()));
    }
}
