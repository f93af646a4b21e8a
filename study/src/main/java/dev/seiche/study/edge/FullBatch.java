package dev.seiche.study.edge;

import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.Spectrum;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Dataset;
import dev.seiche.study.UserException;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.setup.Losses;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Locale;

/** How a study trains on the full batch. */
public record FullBatch(
        @Doc("loss of a sample: half-squared-error against the one-hot label, or cross-entropy")
        @OneOf({"half-squared-error", "cross-entropy", "mean-squared-error"})
        String loss,

        @Doc("steps of each training") @AtLeast(4) int steps,

        @Doc(
                "end each training before the step that would not fit into so many minutes; 0 for no limit. How many steps fit"
                        + " depends on the machine, what they compute does not")
        @AtLeast(0)
        double minutes,

        @Doc("element type of all tensors") @OneOf({"f32", "f64"})
        String dtype,

        @Doc("samples worked on at once; fewer need less memory") @AtLeast(1)
        int microBatch,

        @Doc(
                "lets batch norm normalise within each micro-batch: another loss than that of the whole batch, in less memory")
        boolean ghostNorm,

        @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery,

        @Doc("steps between measurements of the sharpness; 0 for none") @AtLeast(0)
        int sharpnessEvery) {
    /** The loss of a sample. */
    public Loss lossOfSample() {
        return Losses.of(loss);
    }

    /** The element type. */
    public DType type() {
        return DType.valueOf(dtype.toUpperCase(Locale.ROOT));
    }

    /**
     * Checks that a network can be trained so.
     *
     * @throws UserException where batch norm would need all samples at once
     */
    public void require(Network network, int samples) {
        if (!network.couplings().isEmpty() && microBatch < samples && !ghostNorm) {
            throw new UserException(("train.microBatch is %d, but batch norm needs all %d samples at once;"
                            + " set train.microBatch=%d, or train.ghostNorm=true for another loss in less memory")
                    .formatted(microBatch, samples, samples));
        }
    }

    /** The mean loss of some samples. */
    public Objective objective(Network network, Dataset data, Scope scope) {
        return Objective.of(network, lossOfSample(), data, microBatch, scope, type());
    }

    /** The largest eigenvalue of the Hessian of the mean loss of some samples, and its eigenvector, in a scope. */
    public Spectrum sharpest(Network network, Dataset data, ParameterVector weights, Rng rng, Scope scope) {
        Objective objective = objective(network, data, scope);
        return Lanczos.largest(1).solve((v, into) -> objective.hvp(weights, v, into), weights, rng, scope);
    }

    /** The same with another loss. */
    public FullBatch withLoss(String other) {
        return new FullBatch(other, steps, minutes, dtype, microBatch, ghostNorm, checkpointEvery, sharpnessEvery);
    }
}
