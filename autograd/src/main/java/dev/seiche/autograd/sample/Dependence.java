package dev.seiche.autograd.sample;

import dev.seiche.autograd.Step;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.rule.SampleAxis;
import dev.seiche.autograd.rule.SampleFlow;
import dev.seiche.tensor.Value;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How each recorded value belongs to the losses, found by going back from them over shapes alone: it holds the samples along
 * an axis, so that loss i depends on part i only; or all losses share the whole of it, as they share a weight. A value that
 * is used in both ways couples the samples.
 *
 * <p>Only values on the way to a wanted leaf are looked at: whatever a loss depends on otherwise is a constant.
 */
final class Dependence {
    private final Trace<?> trace;
    private final boolean contribution;
    private final boolean[] reaches;
    private final @Nullable SampleAxis[] axes;
    private final boolean[] shared;
    /** The step whose result all losses share although it was computed from this value. */
    private final int[] sharer;

    private final boolean[] feedsLeaf;
    private final boolean[] feedsSamples;

    /**
     * @param samples at least 2: one sample meets nobody
     * @param contribution take values that are used in both ways, or go into an op along the samples' axis, as holding
     *     samples, instead of refusing them
     */
    Dependence(Trace<?> trace, int losses, Set<Integer> wanted, int samples, boolean contribution) {
        int size = losses + 1;
        this.trace = trace;
        this.contribution = contribution;
        this.reaches = new boolean[size];
        this.axes = new SampleAxis[size];
        this.shared = new boolean[size];
        this.sharer = new int[size];
        this.feedsLeaf = new boolean[size];
        this.feedsSamples = new boolean[size];
        for (int v = 0; v < size; v++) {
            reaches[v] = trace.step(v) == null ? wanted.contains(v) : anySource(v, reaches);
        }
        axes[losses] = SampleAxis.first(samples);
        for (int v = losses; v >= 0; v--) {
            goBack(v);
        }
        for (int v = 0; v < size; v++) {
            feedsSamples[v] = axes[v] != null || (shared[v] && anySource(v, feedsSamples));
            feedsLeaf[v] = axes[v] == null && shared[v] && (wanted.contains(v) || anySource(v, feedsLeaf));
        }
    }

    /** True when a derivative goes from the losses through this value to a wanted leaf. */
    boolean matters(int v) {
        return reaches[v] && (axes[v] != null || shared[v]);
    }

    /** Where the value holds the samples, or null when it is shared. */
    @Nullable
    SampleAxis axis(int v) {
        return axes[v];
    }

    /** True for a shared value, be it a wanted leaf itself, that leads to a wanted leaf past all samples. */
    boolean feedsLeaf(int v) {
        return feedsLeaf[v];
    }

    /** True when samples are behind this value, or in it. */
    boolean feedsSamples(int v) {
        return feedsSamples[v];
    }

    private boolean anySource(int v, boolean[] flags) {
        Step<?> step = trace.step(v);
        if (step == null) {
            return false;
        }
        for (int i = 0; i < step.in().size(); i++) {
            int source = step.source(i);
            if (source != Trace.CONSTANT && flags[source]) {
                return true;
            }
        }
        return false;
    }

    private void goBack(int v) {
        if (!matters(v)) {
            return;
        }
        SampleAxis axis = axes[v];
        Step<?> step = trace.step(v);
        if (axis != null && shared[v] && !contribution) {
            throw coupled(v, axis);
        }
        if (step == null) {
            if (axis != null) {
                throw new IllegalArgumentException("sample gradients: a leaf holds the samples itself, along axis "
                        + axis.axis() + ": its plain gradient has their rows; ask tape.backward for it");
            }
            return;
        }
        for (int i = 0; i < step.in().size(); i++) {
            int source = step.source(i);
            if (source != Trace.CONSTANT && reaches[source]) {
                if (axis == null) {
                    share(source, v);
                } else {
                    follow(step, v, axis, i, source);
                }
            }
        }
    }

    /** Names the op that takes the samples' axis away, past those that only work on elements. */
    private CoupledSamplesException coupled(int v, SampleAxis axis) {
        Step<?> meeting = Objects.requireNonNull(trace.step(sharer[v]));
        Value held = meeting.in().get(0);
        for (int at = sharer[v]; meeting.out().shape().equals(held.shape()) && sharer[at] > 0; at = sharer[at]) {
            meeting = Objects.requireNonNull(trace.step(sharer[at]));
        }
        return new CoupledSamplesException(
                meeting.op().name(),
                "every loss depends on the whole of its result "
                        + meeting.out().describe() + ", made from a " + held.describe()
                        + " that holds the samples along axis "
                        + axis.axis());
    }

    private void follow(Step<?> step, int v, SampleAxis axis, int input, int source) {
        SampleFlow flow = step.samples(axis, input);
        SampleAxis to = flow.axis();
        if (flow.coupling() != null && (to == null || !contribution)) {
            throw new CoupledSamplesException(step.op().name(), flow.coupling());
        }
        if (to == null) {
            share(source, v);
        } else if (axes[source] == null || to.equals(axes[source])) {
            axes[source] = to;
        } else {
            Value met = step.in().get(input);
            throw new CoupledSamplesException(
                    step.op().name(), "axes of " + met.describe() + " hold samples in one place and not in another");
        }
    }

    private void share(int source, int sharedAs) {
        if (!shared[source]) {
            sharer[source] = sharedAs;
        }
        shared[source] = true;
    }
}
