package dev.seiche.testkit.spec;

import dev.seiche.tensor.Op;
import dev.seiche.testkit.OpSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Every op's spec. */
public final class OpSpecs {
    private OpSpecs() {}

    /** All specs, by name. */
    public static List<OpSpec<?>> all() {
        List<OpSpec<?>> specs = new ArrayList<>();
        specs.addAll(ElementwiseSpecs.all());
        specs.addAll(ReductionSpecs.all());
        specs.addAll(LossSpecs.all());
        specs.addAll(MovementSpecs.all());
        specs.addAll(LinearAlgebraSpecs.all());
        specs.addAll(ConvolutionSpecs.all());
        specs.addAll(SampleSpecs.all());
        specs.sort(Comparator.comparing(OpSpec::toString));
        return List.copyOf(specs);
    }

    /** The spec of one op, as a failing test names it. */
    public static OpSpec<?> of(Class<? extends Op> type) {
        return all().stream()
                .filter(spec -> spec.type() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no spec for " + type.getSimpleName() + "; add one to dev.seiche.testkit.spec"));
    }
}
