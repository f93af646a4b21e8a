package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;

/** Measures how hard the first examples are, by {@link Difficulty}: {@code examples/grand_mean} and so on. Stateless. */
public final class ExampleProbe extends StatelessMetric {
    private final BatchGradients source;
    private final int most;

    /** @param most examples, the first ones of the data */
    public ExampleProbe(BatchGradients source, int most, Schedule schedule, MetricSink sink) {
        super("examples", schedule, sink, Need.OUTPUTS, Need.SAMPLE_GRADIENTS);
        this.source = source;
        this.most = most;
    }

    @Override
    public void observe(Step step) {
        int[] examples = source.first(most);
        int[] labels = source.labels(examples);
        try (Scope scope = step.scope().child("examples")) {
            SampleGradients gradients = source.samples(step.weights(), scope, examples);
            emit(step.index(), "grand", Difficulty.grand(gradients));
            Tensor inputs =
                    source.data().batch(scope, step.weights().dtype(), examples).inputs();
            Tensor logits = source.outputs(step.weights(), inputs, scope.ops(), scope);
            if (labels.length > 0 && logits.shape().rank() == 2) {
                emit(step.index(), "el2n", Difficulty.el2n(rows(logits), labels));
            }
        }
    }

    private void emit(long t, String score, double... values) {
        Summary summary = Summary.of(values);
        sink.put(t, "examples/" + score + "_mean", summary.mean());
        sink.put(t, "examples/" + score + "_max", summary.max());
    }

    private static double[][] rows(Tensor matrix) {
        double[] flat = matrix.toDoubles();
        int width = matrix.shape().dim(1);
        double[][] rows = new double[matrix.shape().dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }
}
