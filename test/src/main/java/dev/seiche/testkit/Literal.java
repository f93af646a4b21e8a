package dev.seiche.testkit;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;

/** A tensor written down in a test: shape, values, and whether they are i32 ids. */
public record Literal(Shape shape, List<Double> values, boolean ids) {
    public static Literal of(Shape shape, double... values) {
        return new Literal(shape, list(values), false);
    }

    public static Literal vector(double... values) {
        return of(Shape.of(values.length), values);
    }

    public static Literal ids(Shape shape, double... values) {
        return new Literal(shape, list(values), true);
    }

    private static List<Double> list(double... values) {
        return DoubleStream.of(values).boxed().toList();
    }

    public Tensor tensor(Scope scope, DType dtype) {
        return scope.tensor(
                ids ? DType.I32 : dtype,
                shape,
                values.stream().mapToDouble(v -> v).toArray());
    }
}
