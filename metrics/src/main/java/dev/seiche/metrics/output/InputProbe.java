package dev.seiche.metrics.output;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;

/**
 * Follows what a network makes of {@link ProbeInputs}: {@code probes/<input>/<output>}, the probability of a class by softmax
 * where targets are labels, else the output itself. Stateless.
 */
public final class InputProbe extends StatelessMetric {
    private final BatchGradients source;
    private final ProbeInputs inputs;

    public InputProbe(BatchGradients source, ProbeInputs inputs, Schedule schedule, MetricSink sink) {
        super("probes", schedule, sink, Need.OUTPUTS);
        this.source = source;
        this.inputs = inputs;
    }

    @Override
    public void observe(Step step) {
        List<String> names = inputs.names();
        boolean labels = source.data().targets().dtype(DType.F64) == DType.I32;
        try (Scope scope = step.scope().child("probes")) {
            Tensor out =
                    source.outputs(step.weights(), inputs.batch(step.weights().dtype(), scope), scope.ops(), scope);
            double[] values = (labels ? scope.ops().softmax(out, -1) : out).toDoubles();
            int width = values.length / names.size();
            for (int i = 0; i < values.length; i++) {
                sink.put(step.index(), "probes/" + names.get(i / width) + "/" + i % width, values[i]);
            }
        }
    }
}
