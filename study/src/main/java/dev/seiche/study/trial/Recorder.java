package dev.seiche.study.trial;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.MetricTable;
import dev.seiche.nn.Stateful;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Keeps what probes emit, to be asked when a trial ends, and hands it on; part of the saved state of a training. Add it as
 * a probe after those that emit into it.
 */
public final class Recorder implements Probe, Stateful, MetricSink {
    private static final String VALUES = "/values/";
    private static final String STEPS = "/steps/";

    private final MetricSink onward;
    private MetricTable table = new MetricTable();

    /** @param onward hears everything too */
    public Recorder(MetricSink onward) {
        this.onward = onward;
    }

    @Override
    public String name() {
        return "recorder";
    }

    /** Also keeps the loss, which the bench records by itself. */
    @Override
    public void observe(Step step) {
        table.put(step.index(), "loss", step.loss());
    }

    @Override
    public void put(long step, String name, double value) {
        table.put(step, name, value);
        onward.put(step, name, value);
    }

    /** Keeps a value that is not handed on. */
    public void keep(long step, String name, double value) {
        table.put(step, name, value);
    }

    /** All that was emitted so far. */
    public MetricTable table() {
        return table;
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        List<String> names = table.under("");
        for (int i = 0; i < names.size(); i++) {
            NavigableMap<Long, Double> column = table.column(names.get(i));
            String place = "%05d".formatted(i);
            double[] steps =
                    column.keySet().stream().mapToDouble(Long::doubleValue).toArray();
            double[] values =
                    column.values().stream().mapToDouble(Double::doubleValue).toArray();
            state.put(place + STEPS + names.get(i), into.tensor(DType.F64, Shape.of(steps.length), steps));
            state.put(place + VALUES + names.get(i), into.tensor(DType.F64, Shape.of(values.length), values));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        table = new MetricTable();
        // the number in front keeps the order of the columns
        new TreeMap<>(captured).forEach((key, tensor) -> {
            int at = key.indexOf(VALUES);
            if (at >= 0) {
                String name = key.substring(at + VALUES.length());
                Tensor places = captured.get(key.substring(0, at) + STEPS + name);
                if (places == null) {
                    throw new IllegalArgumentException("recorder: the saved state has no steps of '" + name + "'");
                }
                double[] steps = places.toDoubles();
                double[] values = tensor.toDoubles();
                for (int i = 0; i < steps.length; i++) {
                    table.put((long) steps[i], name, values[i]);
                }
            }
        });
    }
}
