package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Examples in memory: an input and a target each. Immutable; holds no tensor, so it may outlive every scope.
 *
 * @param name how records and errors call it
 */
public record Dataset(String name, Column inputs, Column targets) {

    public Dataset {
        if (inputs.count() != targets.count()) {
            throw new IllegalArgumentException(
                    "data set '%s': %d inputs, but %d targets".formatted(name, inputs.count(), targets.count()));
        }
    }

    public int size() {
        return inputs.count();
    }

    /** The same inputs with other targets: one-hot vectors instead of labels, say. */
    public Dataset withTargets(Column newTargets) {
        return new Dataset(name, inputs, newTargets);
    }

    /**
     * The first n examples.
     *
     * @throws DataException if there are fewer, or n is below 1
     */
    public Dataset first(int n) {
        if (n < 1 || n > size()) {
            throw new DataException(
                    "asked for the first " + n + " examples, there are " + size(),
                    "data set '" + name + "'",
                    "ask for 1 to " + size());
        }
        return new Dataset(name, new First(inputs, n), new First(targets, n));
    }

    /** The examples with these numbers, in this order, without a copy. */
    public Dataset select(int... examples) {
        List<Integer> chosen = Arrays.stream(examples).boxed().toList();
        for (int example : chosen) {
            Objects.checkIndex(example, size());
        }
        return new Dataset(name, new Selected(inputs, chosen), new Selected(targets, chosen));
    }

    /** All examples but those with these numbers, in their order. */
    public Dataset without(int... examples) {
        Set<Integer> left = new HashSet<>();
        for (int example : examples) {
            left.add(example);
        }
        return select(IntStream.range(0, size()).filter(i -> !left.contains(i)).toArray());
    }

    /**
     * The examples with these numbers, in this order, as tensors born in {@code scope}.
     *
     * @param floating the type to compute in, F32 or F64; labels are I32 in any case
     */
    public Batch batch(Scope scope, DType floating, int... examples) {
        return new Batch(inputs.tensor(scope, floating, examples), targets.tensor(scope, floating, examples));
    }

    /** All examples as one batch. */
    public Batch all(Scope scope, DType floating) {
        return batch(scope, floating, IntStream.range(0, size()).toArray());
    }

    private record Selected(Column column, List<Integer> examples) implements Column {
        @Override
        public int count() {
            return examples.size();
        }

        @Override
        public Shape shape() {
            return column.shape();
        }

        @Override
        public DType dtype(DType floating) {
            return column.dtype(floating);
        }

        @Override
        public void write(int example, DType dtype, MemorySegment into) {
            column.write(examples.get(example), dtype, into);
        }
    }

    private record First(Column column, int count) implements Column {
        @Override
        public Shape shape() {
            return column.shape();
        }

        @Override
        public DType dtype(DType floating) {
            return column.dtype(floating);
        }

        @Override
        public void write(int example, DType dtype, MemorySegment into) {
            column.write(example, dtype, into);
        }
    }
}
