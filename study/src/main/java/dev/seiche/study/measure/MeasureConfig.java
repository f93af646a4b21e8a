package dev.seiche.study.measure;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.config.Positive;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.List;

/** What is trained, and what is measured. */
public record MeasureConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("what learns") NetworkChoice network,

        @Doc("how it learns: gradient descent without momentum")
        Train train,

        @Doc("where it begins") Start start,
        @Doc("what is measured") Metrics metrics,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** The training. */
    public record Train(
            @Doc("loss of a sample") @OneOf({"cross-entropy", "half-squared-error", "mean-squared-error", "hinge"})
            String loss,

            @Doc("learning rate") @Positive double rate,

            @Doc("samples of a step; 0 for all of them, in their order") @AtLeast(0)
            int batch,

            @Doc("steps") @AtLeast(1) int steps,

            @Doc("element type of all tensors") @OneOf({"f32", "f64"})
            String dtype,

            @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery,

            @Doc("keeps the weights of every checkpoint, for 'seiche measure --run DIR --step N'")
            boolean keepWeights) {}

    /** Where training begins. */
    public record Start(
            @Doc("directory of a run whose weights it begins with; empty for freshly drawn ones")
            String run,

            @Doc("file of that run's arrays or checkpoints, without its ending; empty for its last weights")
            String weights) {}

    /** By preset, by name, or both. */
    public record Metrics(
            @Doc("none, economy, business or full") @OneOf({"none", "economy", "business", "full"})
            String preset,

            @Doc(
                    "names from 'seiche metrics': sharpness, grad/cos, confusion/sample/*; @10 behind one measures at every"
                            + " 10th step")
            List<String> names) {}
}
