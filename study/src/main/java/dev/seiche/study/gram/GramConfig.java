package dev.seiche.study.gram;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import java.util.List;

/** Whose gradients are multiplied with each other, and within which means. */
public record GramConfig(
        @Doc("what is differentiated") Model model,
        @Doc("whose gradients") Data data,
        @Doc("within which means") Compute compute,
        @Doc("the extremes alone, without all pairs") Screen screen,
        @Doc("what is kept beside the reductions") Keep keep) {

    /** The network and its loss. */
    public record Model(
            @Doc(
                    "mlp:WIDTHS, cnn:CHANNELS, cnn-bn:CHANNELS with freshly drawn weights, or the directory of an oscillation run")
            String spec,

            @Doc("of a run: which weights, as weights-lr-0.1; empty where there is only one choice")
            String weights,

            @Doc("activation of the hidden layers of a spec") @OneOf({"tanh", "relu", "gelu", "softplus", "sigmoid"})
            String activation,

            @Doc("loss of a sample: cross-entropy, or half-squared-error against the one-hot label")
            @OneOf({"cross-entropy", "half-squared-error"})
            String loss,

            @Doc("what a sample's gradient is where batch norm makes samples meet: frozen takes the running statistics,"
                    + " exact differentiates each loss through its batch, contribution takes what comes through the sample"
                    + " itself")
            @OneOf({"frozen", "exact", "contribution"})
            String batchNorm) {}

    /** Which samples. */
    public record Data(
            @Doc("name of the image set: fashion-mnist-1k (shipped), fashion-mnist, mnist, idx, or synthetic images")
            @OneOf({"fashion-mnist-1k", "fashion-mnist", "mnist", "idx", "synthetic"})
            String set,

            @Doc("number of training images, the first ones") @AtLeast(1)
            int samples,

            @Doc("only images of these classes; empty for all") @AtLeast(0)
            List<Integer> classes,

            @Doc("one mean and deviation over all pixels (global), per channel, or none")
            @OneOf({"global", "per-channel", "none"})
            String standardise) {}

    /** Precision and memory. */
    public record Compute(
            @Doc("element type of gradients; their products are added in f64") @OneOf({"f32", "f64"})
            String dtype,

            @Doc("memory for tensors, the JVM not counted: a number with KB, MB or GB")
            String budget,

            @Doc("samples worked on at once; 0 for the most that fit, up to 256. Where samples meet it is their batch")
            @AtLeast(0)
            int tile) {}

    /** How the extremes are looked for where not all pairs are computed. */
    public record Screen(
            @Doc(
                    "0 computes all pairs; else the lowest and the highest cosine alone: all pairs are estimated from sketches of so"
                            + " many numbers a sample, and those that could be the extremes are computed exactly")
            @AtLeast(0)
            int buckets,

            @Doc(
                    "standard deviations of an estimate within which a pair could be an extreme; it is missed with a probability of"
                            + " at most 1 / deviations^2")
            @AtLeast(1)
            double deviations) {}

    /** What is written. */
    public record Keep(
            @Doc("the tiles of the Gram matrix itself, 8 bytes a pair")
            boolean gram) {}
}
