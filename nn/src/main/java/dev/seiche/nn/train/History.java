package dev.seiche.nn.train;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Stateful;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A probe that remembers one number of every step it sees, in order: the loss, the norm of the gradient. */
public final class History implements Probe, Stateful {
    private final String name;
    private final Schedule schedule;
    private final ToDoubleFunction<Step> number;
    private final Map<Long, Double> values = new LinkedHashMap<>();

    private History(String name, Schedule schedule, ToDoubleFunction<Step> number) {
        this.name = name;
        this.schedule = schedule;
        this.number = number;
    }

    /** Remembers {@code number} of the scheduled steps. */
    public static History of(String name, Schedule schedule, ToDoubleFunction<Step> number) {
        return new History(name, schedule, number);
    }

    /** The loss of every step. */
    public static History ofLoss() {
        return of("loss", Schedule.everyStep(), Step::loss);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public void observe(Step step) {
        values.put(step.index(), number.applyAsDouble(step));
    }

    /** The remembered numbers, in the order of the steps. */
    public double[] values() {
        return values.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The steps they belong to. */
    public long[] steps() {
        return values.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        double[] steps = values.keySet().stream().mapToDouble(Long::doubleValue).toArray();
        return Map.of(
                "steps", into.tensor(DType.F64, Shape.of(steps.length), steps),
                "values", into.tensor(DType.F64, Shape.of(steps.length), values()));
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        double[] steps = NamedTensors.require(captured, "steps").toDoubles();
        double[] numbers = NamedTensors.require(captured, "values").toDoubles();
        values.clear();
        for (int i = 0; i < steps.length; i++) {
            values.put((long) steps[i], numbers[i]);
        }
    }
}
