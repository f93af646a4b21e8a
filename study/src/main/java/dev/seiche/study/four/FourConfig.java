package dev.seiche.study.four;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.NotEmpty;
import dev.seiche.study.config.Positive;
import dev.seiche.study.edge.FullBatch;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.List;

/** What the study of all four does. */
public record FourConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("what learns") NetworkChoice network,

        @Doc("how it learns, up to the moment that is looked at")
        FullBatch train,

        @Doc("learning rates, an arm each: one that oscillates at the end, and a smooth one as a control")
        @NotEmpty
        @Positive
        List<Double> rates,

        @Doc("what is measured there") Measure measure,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** Sizes of the measurements. */
    public record Measure(
            @Doc("samples in a group; 0 takes 0.5% of the samples, at least 8") @AtLeast(0)
            int groupSize,

            @Doc("samples of a mini-batch, of pairs and of noise") @AtLeast(1)
            int batch,

            @Doc("pairs of disjoint mini-batches") @AtLeast(2)
            int pairs,

            @Doc("mini-batches of noise") @AtLeast(16) int draws,

            @Doc("draws of Gaussian noise of the same covariance") @AtLeast(1)
            int nulls,

            @Doc("coordinates of noise kept at most") @AtLeast(100)
            int coordinates,

            @Doc("sets of as many random samples that are taken away for comparison") @AtLeast(1)
            int randomSets) {}
}
