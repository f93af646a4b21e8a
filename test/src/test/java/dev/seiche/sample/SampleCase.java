package dev.seiche.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model with random weights and as many samples as anybody asks for.
 *
 * @param weights shapes of the parameters
 * @param inputs shapes of what one sample has
 * @param ids bound of the ids that input 0 holds; 0 where it holds numbers
 */
record SampleCase(String name, Model model, List<Shape> weights, List<Shape> inputs, int ids, Rng rng) {

    /** Losses [B] of weights and of inputs whose first axis is the sample. */
    @FunctionalInterface
    interface Model {
        <T extends Value> T losses(Ops<T> ops, List<T> w, List<T> x);
    }

    /** Losses on a tape, and the leaves. */
    record Recorded(Tape<Tensor> tape, Var<Tensor> losses, List<Var<Tensor>> leaves) {
        SampleGradients gradients() {
            return SampleGradients.of(tape, losses, leaves);
        }

        SampleGradients gradients(Coupling coupling) {
            return SampleGradients.of(tape, losses, leaves, coupling);
        }

        /** The gradient of the summed loss. */
        List<Tensor> summed() {
            var gradients = tape.backward(tape.sum(losses));
            return leaves.stream().map(gradients::of).toList();
        }
    }

    Recorded record(Scope scope, DType dtype, int... samples) {
        return record(scope, dtype, 1.0, samples);
    }

    Recorded record(Scope scope, DType dtype, double scale, int... samples) {
        Tape<Tensor> tape = new Tape<>(scope.ops());
        List<Var<Tensor>> leaves =
                weights(scope, dtype).stream().map(tape::watch).toList();
        List<Var<Tensor>> data = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            data.add(tape.constant(input(scope, dtype, k, samples)));
        }
        Var<Tensor> losses = tape.scale(model.losses(tape, leaves, data), scale);
        return new Recorded(tape, losses, leaves);
    }

    List<Tensor> weights(Scope scope, DType dtype) {
        List<Tensor> out = new ArrayList<>();
        for (int k = 0; k < weights.size(); k++) {
            double[] values = new double[Math.toIntExact(weights.get(k).size())];
            rng.fold("weight").fold(k).normal(values);
            for (int i = 0; i < values.length; i++) {
                values[i] *= 0.5;
            }
            out.add(scope.tensor(dtype, weights.get(k), values));
        }
        return out;
    }

    private Tensor input(Scope scope, DType dtype, int k, int... samples) {
        int size = Math.toIntExact(inputs.get(k).size());
        Shape shape = Shape.of(samples.length).concat(inputs.get(k));
        boolean holdsIds = k == 0 && ids > 0;
        double[] values = new double[samples.length * size];
        for (int i = 0; i < samples.length; i++) {
            Rng key = rng.fold("input").fold(k).fold(samples[i]);
            double[] mine = new double[size];
            key.normal(mine);
            for (int j = 0; j < size; j++) {
                values[i * size + j] = holdsIds ? key.below(j, ids) : mine[j];
            }
        }
        return scope.tensor(holdsIds ? DType.I32 : dtype, shape, values);
    }

    static int[] first(int samples) {
        return IntStream.range(0, samples).toArray();
    }

    @Override
    public String toString() {
        return name + " " + weights + " of " + inputs;
    }
}
