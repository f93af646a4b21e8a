package dev.seiche.metrics.example;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts forgetting events in full-batch training, where every step sees all examples in the same order: emits {@code
 * examples/forgotten}, the share that was correct at the step before and is not any more, and {@code examples/learned}, the
 * share that was correct at some step. Nothing beyond what a step knows anyway. For mini-batches feed a {@link
 * ForgettingEvents} by hand.
 */
public final class ForgettingProbe implements Metric {
    private final MetricSink sink;
    private double[] before = new double[0];
    private double[] ever = new double[0];
    private double[] events = new double[0];

    public ForgettingProbe(MetricSink sink) {
        this.sink = sink;
    }

    @Override
    public String name() {
        return "forgetting";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLE_LOSSES);
    }

    @Override
    public void observe(Step step) {
        double[] hits = step.measurement().hits();
        if (before.length == 0) {
            before = new double[hits.length];
            ever = new double[hits.length];
            events = new double[hits.length];
        }
        if (hits.length != before.length) {
            throw new IllegalStateException("forgetting: the batch of step " + step.index() + " has " + hits.length
                    + " samples, the first one had " + before.length + "; it follows full batches only");
        }
        double forgotten = 0;
        for (int i = 0; i < hits.length; i++) {
            boolean lost = before[i] == 1 && hits[i] != 1;
            forgotten += lost ? 1 : 0;
            events[i] += lost ? 1 : 0;
            ever[i] = Math.max(ever[i], hits[i] == 1 ? 1 : 0);
        }
        before = hits;
        sink.put(step.index(), "examples/forgotten", forgotten / hits.length);
        sink.put(step.index(), "examples/learned", Arrays.stream(ever).sum() / hits.length);
    }

    /** How often each example was forgotten so far; a copy. */
    public double[] events() {
        return events.clone();
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        Shape shape = Shape.of(before.length);
        state.put("before", into.tensor(DType.F64, shape, before));
        state.put("ever", into.tensor(DType.F64, shape, ever));
        state.put("events", into.tensor(DType.F64, shape, events));
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        before = NamedTensors.require(captured, "before").toDoubles();
        ever = NamedTensors.require(captured, "ever").toDoubles();
        events = NamedTensors.require(captured, "events").toDoubles();
    }

    @Override
    public void close() {}
}
