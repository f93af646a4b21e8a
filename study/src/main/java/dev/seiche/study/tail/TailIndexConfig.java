package dev.seiche.study.tail;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.NotEmpty;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.config.Positive;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.List;

/** What the study of the tail index does: arms around one network, and runs of linear regression. */
public record TailIndexConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("the network that the arms vary") NetworkChoice network,
        @Doc("how it learns") Train train,
        @Doc("what is varied, one at a time") Arms arms,
        @Doc("what is measured") Measure measure,

        @Doc("tail index of iterates: SGD on linear regression")
        Iterates iterates,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** SGD without momentum and weight decay. */
    public record Train(
            @Doc("cross-entropy or hinge") @OneOf({"cross-entropy", "hinge"})
            String loss,

            @Doc("learning rate") @Positive double rate,

            @Doc("samples of a step") @AtLeast(1) int batch,

            @Doc("steps; the rate is halved after a third and two thirds") @AtLeast(3)
            int steps,

            @Doc("element type of all tensors") @OneOf({"f32", "f64"})
            String dtype,

            @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery) {}

    /** Lists of what is tried beside the base. */
    public record Arms(
            @Doc("widths") @Positive List<Integer> widths,

            @Doc("depths") @Positive List<Integer> depths,

            @Doc("batch sizes of training") @Positive List<Integer> batches,

            @Doc("losses") @OneOf({"cross-entropy", "hinge"})
            List<String> losses) {}

    /** Noise at frozen weights. */
    public record Measure(
            @Doc("sizes of the mini-batches whose noise is measured, smallest first") @NotEmpty @Positive
            List<Integer> batches,

            @Doc("random mini-batches drawn for each size; below 64, standardising cuts tails off") @AtLeast(16)
            int draws,

            @Doc("draws of Gaussian noise of the same covariance") @AtLeast(1)
            int nulls,

            @Doc("coordinates kept at most") @AtLeast(100) int coordinates,

            @Doc("measurements over a training, the first before and the last after it") @AtLeast(2)
            int times) {}

    /** Gurbuzbalaban et al. 2021: n samples, d dimensions, noise of deviation 3, a solution of deviation 3. */
    public record Iterates(
            @Doc("runs of each pair of rate and batch; 0 leaves this part out") @AtLeast(0)
            int runs,

            @Doc("samples") @AtLeast(10) int samples,

            @Doc("dimensions") @AtLeast(1) int dimensions,

            @Doc("steps of a run; the second half is averaged") @AtLeast(2)
            int steps,

            @Doc("learning rates") @Positive List<Double> rates,

            @Doc("batch sizes") @Positive List<Integer> batches) {}
}
