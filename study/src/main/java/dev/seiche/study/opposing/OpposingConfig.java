package dev.seiche.study.opposing;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.LessThan;
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

        @Doc("mini-batches: SGD with momentum against Adam and SplitSGD")
        Race race,

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
            int stepsWithout,

            @Doc("sets of as many random samples whose absence the sharpness is compared with") @AtLeast(1)
            int randomSets) {}

    /** Optimizers that see the same mini-batches from the same first weights; an arm each. */
    public record Race(
            @Doc("steps of each; 0 leaves this part out") @AtLeast(0)
            int steps,

            @Doc("samples of a mini-batch") @AtLeast(1) int batch,

            @Doc("rate of SGD and of SplitSGD") @Positive double rate,

            @Doc("momentum of both") @AtLeast(0) @LessThan(1)
            double momentum,

            @Doc("rate of Adam, and length of the steps by sign of SplitSGD") @Positive
            double adamRate,

            @Doc("shares of coordinates that SplitSGD steps by sign, an arm each") @Positive @LessThan(1)
            List<Double> fractions,

            @Doc("steps between looks at the losses of all samples") @AtLeast(1)
            int every) {}

    /** Rosenfeld and Risteski's model, reduced exactly. */
    public record Toy(
            @Doc("learning rates, an arm each; none leaves this part out") @Positive
            List<Double> rates,

            @Doc("steps") @AtLeast(2) int steps) {}
}
