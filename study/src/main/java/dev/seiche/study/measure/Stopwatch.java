package dev.seiche.study.measure;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.Need;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** A metric that is timed. What several metrics need counts for the one that asks first. */
final class Stopwatch implements Metric {
    private final Metric inner;
    private long nanos;

    Stopwatch(Metric inner) {
        this.inner = inner;
    }

    /** Since the last {@link #reset}. */
    long nanos() {
        return nanos;
    }

    void reset() {
        nanos = 0;
    }

    @Override
    public void observe(Step step) {
        long begin = System.nanoTime();
        inner.observe(step);
        nanos += System.nanoTime() - begin;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Schedule schedule() {
        return inner.schedule();
    }

    @Override
    public Set<Need> needs() {
        return inner.needs();
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        return inner.capture(into);
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        inner.restore(captured);
    }

    @Override
    public void close() {
        inner.close();
    }
}
