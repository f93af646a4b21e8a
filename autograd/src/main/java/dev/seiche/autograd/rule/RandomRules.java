package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.zero;

import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Uniform;
import java.util.List;

/** Rules of random ops: functions of a key, constant in everything else. */
final class RandomRules {
    private RandomRules() {}

    static List<Rule<?>> rows() {
        return List.of(zero(Bernoulli.class), zero(Uniform.class), zero(Normal.class));
    }
}
