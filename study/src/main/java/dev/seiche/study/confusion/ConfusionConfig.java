package dev.seiche.study.confusion;

import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.LessThan;
import dev.seiche.study.config.NotEmpty;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.config.Positive;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import dev.seiche.tensor.DType;
import java.util.List;
import java.util.Locale;

/** What the study of gradient confusion does. */
public record ConfusionConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("the network whose width and depth are varied") NetworkChoice network,

        @Doc("the network that batch norm and skip paths are put into and taken out of; its kind is wrn")
        NetworkChoice convolutional,

        @Doc("how they learn: SGD without momentum and weight decay")
        Train train,

        @Doc("what is varied, one at a time") Arms arms,
        @Doc("what is measured") Measure measure,

        @Doc("linear regression with more and with fewer dimensions than samples")
        Regression regression,

        @Doc("repetitions, with the run's seed and the next ones") @AtLeast(1)
        int seeds) {

    /** Mini-batch SGD. */
    public record Train(
            @Doc(
                    "learning rates of the network; of several, each arm takes the one that ends with the lowest training loss"
                            + " at the first seed")
            @NotEmpty
            @Positive
            List<Double> rates,

            @Doc("learning rates of the convolutional one, chosen likewise") @NotEmpty @Positive
            List<Double> convolutionalRates,

            @Doc("shares of the training after which the rate is divided by 10; the paper's are 0.4 and 0.8")
            @Positive
            @LessThan(1)
            List<Double> lowerAt,

            @Doc("samples of a step") @AtLeast(2) int batch,

            @Doc("passes over the data of the network") @AtLeast(1)
            int epochs,

            @Doc("passes over the data of the convolutional one") @AtLeast(1)
            int convolutionalEpochs,

            @Doc("element type of all tensors") @OneOf({"f32", "f64"})
            String dtype,

            @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery) {
        /** The element type. */
        DType type() {
            return DType.valueOf(dtype.toUpperCase(Locale.ROOT));
        }
    }

    /** Lists of what is tried. */
    public record Arms(
            @Doc("hidden widths of the network") @Positive List<Integer> widths,

            @Doc("hidden layers of the network") @Positive List<Integer> depths,

            @Doc("depths of the convolutional one, each with and without batch norm and skip paths") @Positive
            List<Integer> convolutionalDepths,

            @Doc("linear layers of deep linear nets, each with orthogonal and Gaussian weights, at the start") @Positive
            List<Integer> linearDepths) {}

    /** Pairs at frozen weights. */
    public record Measure(
            @Doc("pairs of disjoint mini-batches; the paper has 100") @AtLeast(2)
            int pairs,

            @Doc("samples of a mini-batch of a pair") @AtLeast(1)
            int batch,

            @Doc("samples of which all pairs are measured") @AtLeast(2)
            int samples,

            @Doc("measurements over a training, after its first and last step and between") @AtLeast(2)
            int times,

            @Doc("training loss at which arms are compared too: at the end of the first epoch whose mean is no higher")
            @Positive
            double matchedLoss) {}

    /** Figure 1 of the paper. */
    public record Regression(
            @Doc("dimensions, an arm each; none leaves this part out") @Positive
            List<Integer> dimensions,

            @Doc("samples") @AtLeast(2) int samples,

            @Doc("steps of SGD with single samples and rate 1/(2 dimensions)") @AtLeast(1)
            int steps) {}
}
