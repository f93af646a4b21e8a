package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** An immutable table of rules, one per op record. A column for another question about an op is a field of its {@link Rule}. */
public final class Rules {
    private static final Rules STANDARD = new Rules(Stream.of(
                    ElementwiseRules.rows(),
                    ReductionRules.rows(),
                    MovementRules.rows(),
                    IndexingRules.rows(),
                    LinearAlgebraRules.rows(),
                    ConvolutionRules.rows(),
                    NormRules.rows(),
                    RandomRules.rows())
            .flatMap(List::stream)
            .toList());

    private final Map<Class<? extends Op>, Rule<?>> byOp;

    private Rules(Collection<Rule<?>> rows) {
        Map<Class<? extends Op>, Rule<?>> map = new LinkedHashMap<>();
        for (Rule<?> row : rows) {
            if (map.put(row.op(), row) != null) {
                throw new IllegalArgumentException(
                        row.op().getSimpleName() + ": has two derivative rules in one table; keep one row");
            }
        }
        byOp = map;
    }

    /** The rules of all ops in {@code dev.seiche.tensor.op}. */
    public static Rules standard() {
        return STANDARD;
    }

    /** This table and one more row, for an op it does not know. */
    public Rules with(Rule<?> rule) {
        return new Rules(Stream.concat(byOp.values().stream(), Stream.of(rule)).toList());
    }

    /**
     * The rule of an op.
     *
     * @throws MissingRuleException when the table has none
     */
    public <O extends Op> Rule<O> of(O op) {
        Rule<?> rule = byOp.get(op.getClass());
        if (rule == null) {
            throw new MissingRuleException(op);
        }
        // a rule is filed under its own op class
        @SuppressWarnings("unchecked")
        Rule<O> typed = (Rule<O>) rule;
        return typed;
    }

    /** The rule of an op record, if the table has one. */
    public Optional<Rule<?>> find(Class<? extends Op> op) {
        return Optional.ofNullable(byOp.get(Objects.requireNonNull(op)));
    }

    /** All rules, family by family. */
    public List<Rule<?>> all() {
        return List.copyOf(byOp.values());
    }
}
