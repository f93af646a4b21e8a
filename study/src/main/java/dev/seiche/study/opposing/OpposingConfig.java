package dev.seiche.study.opposing;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.Positive;
import dev.seiche.study.edge.FullBatch;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.List;

/** What the study of opposing signals does. */
public record OpposingConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("what learns") NetworkChoice network,
        @Doc("how it learns") FullBatch train,
        @Doc("learning rates, an arm each") @Positive List<Double> rates,
        @Doc("what is selected and measured") Groups groups,

        @Doc("the two-layer linear model, where everything is known")
        Toy toy,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** Selection and evaluation. */
    public record Groups(
            @Doc("samples in a group; 0 takes 0.5% of the samples, at least 8") @AtLeast(0)
            int size,

            @Doc("held-out steps on which the groups are evaluated") @AtLeast(4)
            int window,

            @Doc("steps between comparisons of the groups' gradients; 0 for none") @AtLeast(0)
            int gradientsEvery,

            @Doc("steps that training goes on without the selected samples, and without random ones; 0 for none")
            @AtLeast(0)
            int stepsWithout) {}

    /** Rosenfeld and Risteski's model, reduced exactly. */
    public record Toy(
            @Doc("learning rates, an arm each; none leaves this part out") @Positive
            List<Double> rates,

            @Doc("steps") @AtLeast(2) int steps) {}
}
