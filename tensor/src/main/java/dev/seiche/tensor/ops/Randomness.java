package dev.seiche.tensor.ops;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Bernoulli;
import dev.seiche.tensor.op.Normal;
import dev.seiche.tensor.op.Uniform;
import java.util.List;

/** Random values, each a function of a key and the element's position only. */
public interface Randomness<T extends Value> extends Elementwise<T> {
    /** 1 with this probability, else 0. */
    default T bernoulli(Rng rng, double probability, TensorType type) {
        return apply(new Bernoulli(rng, probability, type), List.of());
    }

    /** Uniform in [0, 1). */
    default T uniform(Rng rng, TensorType type) {
        return apply(new Uniform(rng, type), List.of());
    }

    /** Standard normal. */
    default T normal(Rng rng, TensorType type) {
        return apply(new Normal(rng, type), List.of());
    }

    /** x with each element zeroed with probability {@code rate} and the others scaled by {@code 1 / (1 - rate)}. */
    default T dropout(T x, double rate, Rng rng) {
        if (!(rate >= 0.0 && rate < 1.0)) {
            throw new IllegalArgumentException("dropout: rate " + rate + " must be at least 0 and below 1");
        }
        return rate == 0.0 ? x : scale(mul(x, bernoulli(rng, 1.0 - rate, x.type())), 1.0 / (1.0 - rate));
    }
}
