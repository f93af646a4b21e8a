package dev.seiche.nn;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass, seen from one path of the network: the interpreter to compute with, the weights, and whether this is
 * training. New running statistics are recorded here and change nothing; whoever trains commits them.
 *
 * @param <T> what the interpreter computes with
 */
public final class Forward<T extends Value> {
    private final Pass<T> pass;
    private final String prefix;

    /** What all paths of a pass share. */
    private record Pass<T extends Value>(
            Ops<T> ops,
            Map<String, T> values,
            boolean training,
            @Nullable Rng rng,
            Map<String, T> updates) {}

    private Forward(Pass<T> pass, String prefix) {
        this.pass = pass;
        this.prefix = prefix;
    }

    static <T extends Value> Forward<T> root(Ops<T> ops, Map<String, T> values, boolean training, @Nullable Rng rng) {
        return new Forward<>(new Pass<>(ops, values, training, rng, new LinkedHashMap<>()), "");
    }

    public Ops<T> ops() {
        return pass.ops;
    }

    /** The pass as seen from a part of this module. */
    public Forward<T> in(String part) {
        return new Forward<>(pass, Paths.part(prefix, part));
    }

    /** Shorthand for a part's forward pass. */
    public T run(String part, Module module, T x) {
        return module.forward(in(part), x);
    }

    /** The weight of this name. */
    public T parameter(String name) {
        return value("parameter", name);
    }

    /** The running statistic of this name: as updated in this pass, or else as it was before. */
    public T statistic(String name) {
        T updated = pass.updates.get(prefix + name);
        return updated == null ? value("statistic", name) : updated;
    }

    /** Records a new value of a running statistic. Give a constant: no derivative belongs here. */
    public void update(String name, T newValue) {
        T old = value("statistic", name);
        if (!old.type().equals(newValue.type())) {
            throw new IllegalArgumentException(
                    "statistic '" + prefix + name + "' is " + old.type() + ", but the update is " + newValue.type());
        }
        pass.updates.put(prefix + name, newValue);
    }

    /** All recorded updates of running statistics, by full name. */
    public Map<String, T> updates() {
        return Collections.unmodifiableMap(pass.updates);
    }

    /** True in training: batch norm uses its batch, dropout drops. */
    public boolean training() {
        return pass.training;
    }

    /** The key of this path in this pass. */
    public Rng rng() {
        if (pass.rng == null) {
            throw new IllegalStateException(
                    "'" + prefix + "' draws random numbers, but this pass has no key; give one, "
                            + "folded with the step, where the pass is made");
        }
        return pass.rng.fold(prefix);
    }

    private T value(String kind, String name) {
        T value = pass.values.get(prefix + name);
        if (value == null) {
            throw new IllegalStateException("no " + kind + " '" + prefix + name
                    + "' in this network; declare it where the module declares its own");
        }
        return value;
    }
}
