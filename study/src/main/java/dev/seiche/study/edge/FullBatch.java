package dev.seiche.study.edge;

import dev.seiche.nn.Loss;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.setup.Losses;
import dev.seiche.tensor.DType;
import java.util.Locale;

/** How a study trains on the full batch. */
public record FullBatch(
        @Doc("loss of a sample: half-squared-error against the one-hot label, or cross-entropy")
        @OneOf({"half-squared-error", "cross-entropy", "mean-squared-error"})
        String loss,

        @Doc("steps of each training") @AtLeast(4) int steps,

        @Doc("element type of all tensors") @OneOf({"f32", "f64"})
        String dtype,

        @Doc("samples worked on at once; fewer need less memory") @AtLeast(1)
        int microBatch,

        @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery,

        @Doc("steps between measurements of the sharpness") @AtLeast(1)
        int sharpnessEvery) {
    /** The loss of a sample. */
    public Loss lossOfSample() {
        return Losses.of(loss);
    }

    /** The element type. */
    public DType type() {
        return DType.valueOf(dtype.toUpperCase(Locale.ROOT));
    }

    /** The same with another loss. */
    public FullBatch withLoss(String other) {
        return new FullBatch(other, steps, dtype, microBatch, checkpointEvery, sharpnessEvery);
    }
}
