package dev.seiche.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What the times of one run mean for questions about sample gradients: beside a training step, and beside a product of matrices. */
final class SampleRatios {
    private final List<Timing> timings;

    SampleRatios(List<Timing> timings) {
        this.timings = List.copyOf(timings);
    }

    private OptionalDouble of(Task task, String framework) {
        return timings.stream()
                .filter(t -> t.task().equals(task) && t.framework().equals(framework))
                .mapToDouble(Timing::median)
                .findFirst();
    }

    /** The first time over the second, where both were taken. */
    private void line(StringBuilder text, String what, Task above, String framework, Task below) {
        OptionalDouble a = of(above, framework);
        OptionalDouble b = of(below, "seiche");
        if (a.isPresent() && b.isPresent()) {
            text.append(String.format(Locale.ROOT, "- %s: %.3g%n", what, a.getAsDouble() / b.getAsDouble()));
        }
    }

    @Override
    public String toString() {
        Step mlp = Step.samplesMlp();
        Step cnn = Step.samplesCnn();
        Task gram = new Samples(mlp, Samples.Want.GRAM);
        Task formed = new Samples(mlp, Samples.Want.GRAM_FORMED);
        Task loop = new Samples(mlp, Samples.Want.GRAM_LOOP);
        StringBuilder text = new StringBuilder();
        line(text, "MLP, Gram matrix with its passes, in training steps", gram, "seiche", mlp);
        line(text, "MLP, forming all gradients takes longer than the Gram matrix by", formed, "seiche", gram);
        line(text, "MLP, a pass for each sample, by", loop, "seiche", gram);
        line(text, "MLP, PyTorch forming all gradients (einsum), by", formed, "bytedeco", gram);
        line(text, "MLP, PyTorch with a pass for each sample, by", loop, "bytedeco", gram);
        line(
                text,
                "CNN, all norms with their passes, in training steps",
                new Samples(cnn, Samples.Want.NORMS),
                "seiche",
                cnn);
        line(
                text,
                "CNN, all norms and the mean gradient, in training steps",
                new Samples(cnn, Samples.Want.NORMS_AND_MEAN),
                "seiche",
                cnn);
        OptionalDouble product = of(new Matmul(1024, 1024, 1024), "seiche");
        for (Timing timing : timings) {
            if (timing.task() instanceof ConvolutionGram conv
                    && timing.framework().equals("seiche")
                    && product.isPresent()) {
                text.append(String.format(
                        Locale.ROOT,
                        "- %s, in products of 1024 x 1024 matrices: %.2f%n",
                        conv.title(),
                        timing.median() / product.getAsDouble()));
            }
        }
        return text.toString();
    }
}
