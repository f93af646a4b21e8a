package dev.seiche.tensor;

import java.util.List;
import java.util.Locale;

/**
 * One primitive operation: a record whose components are its attributes. It has any number of inputs and exactly one
 * output. An op knows how shapes go through it; kernels compute it, rules differentiate it, {@link Ops} offers it.
 */
public interface Op {
    /** The name used in errors and tables: the record's name in lower snake case. */
    default String name() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])([A-Z])", "_$1")
                .toLowerCase(Locale.ROOT);
    }

    /** Names of the inputs, in order, as errors and docs call them. */
    default List<String> inputNames() {
        return List.of();
    }

    /**
     * The output's type; the only place where operands are checked, before any allocation or launch.
     *
     * @throws ShapeException when the operands do not fit
     */
    TensorType infer(List<? extends Value> in);
}
