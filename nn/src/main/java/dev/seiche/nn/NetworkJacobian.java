package dev.seiche.nn;

import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;

/**
 * The derivative of a network's outputs for some inputs with respect to its weights, evaluating, as a linear map both ways.
 * Lives in the scope that it was recorded in.
 */
public final class NetworkJacobian {
    private final Tape<Tensor> tape;
    private final List<Var<Tensor>> leaves;
    private final Var<Tensor> output;
    private final List<Parameter> parameters;

    private NetworkJacobian(
            Tape<Tensor> tape, List<Var<Tensor>> leaves, Var<Tensor> output, List<Parameter> parameters) {
        this.tape = tape;
        this.leaves = leaves;
        this.output = output;
        this.parameters = parameters;
    }

    /** Records a forward pass. */
    public static NetworkJacobian at(
            Network network, ParameterVector weights, Statistics running, Tensor inputs, Scope scope) {
        Tape<Tensor> tape = new Tape<>(scope.ops());
        List<Var<Tensor>> leaves = weights.tensors().stream().map(tape::watch).toList();
        List<Var<Tensor>> values =
                running.tensors().stream().map(tape::constant).toList();
        Var<Tensor> output = network.forward(network.evaluating(tape, leaves, values), tape.constant(inputs));
        return new NetworkJacobian(tape, leaves, output, weights.parameters());
    }

    /** Numbers in the output: samples times outputs of one. */
    public int outputs() {
        return Math.toIntExact(output.shape().size());
    }

    /** How the outputs change along a direction, in row-major order. */
    public double[] along(ParameterVector direction) {
        try (Scope work = direction.get(0).scope().child("jvp")) {
            return tape.forward(output, leaves, direction.tensors(), work.ops()).toDoubles();
        }
    }

    /** The gradient of the outputs' inner product with some weights, one for each output; born in {@code into}. */
    public ParameterVector transposed(double[] weights, Scope into) {
        try (Scope work = into.child("vjp")) {
            Tensor cotangent = work.tensor(output.dtype(), output.shape(), weights);
            Gradients<Tensor> gradients = tape.backward(output, cotangent, work.ops());
            return ParameterVector.of(
                    parameters,
                    leaves.stream().map(leaf -> into.keep(gradients.of(leaf))).toList());
        }
    }
}
