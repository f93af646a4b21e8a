package dev.seiche.examples;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;

/** The second example of the README: the gradient of every sample's own loss. */
final class SamplesApart {
    private SamplesApart() {}

    /** What the example reads. */
    record Read(double[] norms, double[][] cosines, double[] towardsMean, String plan) {}

    static Read run(Scope scope, Tensor images, Tensor labels, Tensor weight, Tensor bias) {
        // README samples begins
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Var<Tensor> w = tape.watch(weight);
        Var<Tensor> b = tape.watch(bias);
        Var<Tensor> logits = tape.linear(tape.constant(images), w, b);
        Var<Tensor> losses = tape.crossEntropy(logits, tape.constant(labels)); // [B], not averaged
        SampleGradients gradients = SampleGradients.of(tape, losses, List.of(w, b));
        double[] norms = gradients.norms(); // the length of each sample's gradient
        double[][] cosines = gradients.cosines(); // of every two of them
        double[] towardsMean = gradients.dotMean(); // or gradients.dot(direction)
        String plan = gradients.plan(Question.GRAM).toString(); // route, operations and bytes of each weight
        // README samples ends
        return new Read(norms, cosines, towardsMean, plan);
    }
}
