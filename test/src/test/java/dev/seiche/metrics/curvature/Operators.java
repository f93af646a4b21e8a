package dev.seiche.metrics.curvature;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.Testbed;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Operators with a known spectrum, and the space they act on. */
final class Operators {
    private Operators() {}

    static void onCpu(Consumer<Scope> body) {
        Testbed.run(CpuBackend::open, body);
    }

    /** A vector of these values, cut into two parameters so that nothing works on one tensor only. */
    static ParameterVector vector(Scope scope, DType dtype, double... values) {
        int cut = values.length / 3;
        List<Parameter> parameters = List.of(parameter("a.weight", cut), parameter("b.weight", values.length - cut));
        return ParameterVector.of(
                parameters,
                List.of(
                        scope.tensor(dtype, Shape.of(cut), Arrays.copyOf(values, cut)),
                        scope.tensor(
                                dtype, Shape.of(values.length - cut), Arrays.copyOfRange(values, cut, values.length))));
    }

    /** Multiplies by a diagonal matrix. */
    static LinearOperator diagonal(ParameterVector spectrum) {
        return (v, into) -> ParameterVector.of(
                v.parameters(),
                IntStream.range(0, v.tensors().size())
                        .mapToObj(i -> into.ops().mul(spectrum.get(i), v.get(i)))
                        .toList());
    }

    private static Parameter parameter(String name, int size) {
        return new Parameter(name, Shape.of(size), Init.zeros(), Fans.of(Shape.of(size, 1)));
    }
}
