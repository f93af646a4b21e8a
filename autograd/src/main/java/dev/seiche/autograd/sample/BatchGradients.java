package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a batch as far as they are there: the record they come from, their factors, or both. Where there are no
 * factors, whole gradients take their place when something first needs them all at once.
 */
final class BatchGradients {
    private final Scope scope;
    private final @Nullable Recorded record;
    private final List<TensorType> types;
    private final List<String> names;
    private final int samples;
    private final DType dtype;
    private @Nullable List<LeafGradients> parts;

    BatchGradients(
            Scope scope,
            @Nullable Recorded record,
            List<TensorType> types,
            List<String> names,
            int samples,
            DType dtype,
            @Nullable List<LeafGradients> parts) {
        this.scope = scope;
        this.record = record;
        this.types = List.copyOf(types);
        this.names = List.copyOf(names);
        this.samples = samples;
        this.dtype = dtype;
        this.parts = parts;
    }

    /** Where factors live. */
    Scope scope() {
        return scope;
    }

    /** What can be gone over again, where there is something. */
    @Nullable
    Recorded record() {
        return record;
    }

    /** Of each leaf. */
    List<TensorType> types() {
        return types;
    }

    List<String> names() {
        return names;
    }

    int samples() {
        return samples;
    }

    DType dtype() {
        return dtype;
    }

    /** False while there is nothing but the record. */
    boolean formed() {
        return parts != null;
    }

    BatchGradients select(int... some) {
        Recorded whole = record;
        List<LeafGradients> all = parts;
        return new BatchGradients(
                scope,
                whole == null ? null : new Recorded(whole.tape(), whole.losses(), pick(whole.leaves(), some)),
                pick(types, some),
                pick(names, some),
                samples,
                dtype,
                all == null ? null : pick(all, some));
    }

    private static <E> List<E> pick(List<E> all, int... some) {
        return IntStream.of(some).mapToObj(all::get).toList();
    }

    BatchGradients keep(Scope into, Planner planner) {
        List<LeafGradients> kept =
                parts().stream().map(part -> part.keep(into, planner)).toList();
        return new BatchGradients(into, null, types, names, samples, dtype, kept);
    }

    /** What the cost of each leaf's gradients depends on; where they have no factors, that of whole gradients. */
    List<LayerShape> shapes() {
        List<LeafGradients> factors = parts;
        return IntStream.range(0, types.size())
                .mapToObj(leaf -> factors == null
                        ? LayerShape.rows(
                                names.get(leaf), types.get(leaf).shape().size())
                        : factors.get(leaf).shape())
                .toList();
    }

    /** Places of leaves that are the bias of a layer with one position, whose weight is the leaf before. */
    Set<Integer> biases() {
        List<LeafGradients> factors = parts;
        return factors == null
                ? Set.of()
                : IntStream.range(1, factors.size())
                        .filter(leaf -> factors.get(leaf - 1).hasBias(factors.get(leaf)))
                        .boxed()
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** True when gradients have no factors and do not all fit the budget, so that they are made one by one. */
    boolean streams(Planner planner) {
        double bytes = types.stream()
                .mapToDouble(type -> (double) type.bytes() * samples)
                .sum();
        return parts == null && bytes > planner.budget();
    }

    /** Whole gradients, a few at a time. */
    GradientRows rows(Planner planner) {
        return new GradientRows(scope, samples, types, record, streams(planner) ? null : parts());
    }

    /** Whole gradients of the record, formed anew. */
    GradientRows recordedRows() {
        return new GradientRows(scope, samples, types, record, null);
    }

    List<LeafGradients> parts() {
        List<LeafGradients> made = parts;
        if (made == null) {
            List<Tensor> rows = recordedRows().all(scope);
            made = new ArrayList<>();
            for (int leaf = 0; leaf < types.size(); leaf++) {
                made.add(new LeafGradients(
                        scope.ops(),
                        names.get(leaf),
                        types.get(leaf),
                        samples,
                        List.of(new Factors.Rows<>(rows.get(leaf)))));
            }
            parts = made;
        }
        return made;
    }
}
