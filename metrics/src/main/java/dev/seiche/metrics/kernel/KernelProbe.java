package dev.seiche.metrics.kernel;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;

/**
 * Measures the whole {@link TangentKernel} of the first examples: {@code kernel/trace}, {@code kernel/top} and, where targets
 * are labels, {@code kernel/alignment} with their one-hot vectors. Stateless.
 */
public final class KernelProbe extends StatelessMetric {
    private final BatchGradients source;
    private final int most;

    /** @param most examples, the first ones of the data: memory grows with the square of examples times outputs */
    public KernelProbe(BatchGradients source, int most, Schedule schedule, MetricSink sink) {
        super("kernel", schedule, sink, Need.SAMPLE_GRADIENTS);
        this.source = source;
        this.most = most;
    }

    @Override
    public void observe(Step step) {
        int[] examples = source.first(most);
        int[] labels = source.labels(examples);
        try (Scope scope = step.scope().child("kernel")) {
            double[][] kernel = TangentKernel.full(source, step.weights(), scope, examples);
            double trace = 0;
            for (int i = 0; i < kernel.length; i++) {
                trace += kernel[i][i];
            }
            sink.put(step.index(), "kernel/trace", trace);
            sink.put(
                    step.index(),
                    "kernel/top",
                    SymmetricEigen.of(kernel, kernel.length).values()[0]);
            if (labels.length > 0) {
                int outputs = kernel.length / examples.length;
                double[] y = new double[kernel.length];
                for (int i = 0; i < labels.length; i++) {
                    y[i * outputs + labels[i]] = 1;
                }
                sink.put(step.index(), "kernel/alignment", TangentKernel.alignment(kernel, y));
            }
        }
    }
}
