package dev.seiche.metrics.curvature;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures the largest Hessian eigenvalues during training: sharpness, lambda_1, and what it means at the learning rate
 * eta of the step. Emits {@code sharpness}, {@code eta_sharpness}, {@code sharpness/2} and so on, and how well they were
 * found; {@link OscillationNames} says what they are.
 *
 * <p>Gradient descent is stable along an eigenvector only while eta lambda is below 2; Cohen et al., "Gradient descent on
 * neural networks typically occurs at the edge of stability", 2021.
 *
 * <p>Each search starts from the eigenvectors of the one before, which are part of the saved state. Two eigenvalues take
 * about as many products as one from scratch (16 on a small MLP), and the runner-up is what overtakes. Memory between
 * steps: one vector per eigenvalue.
 */
public final class SharpnessProbe implements Metric {
    private final List<Parameter> parameters;
    private final Lanczos lanczos;
    private final Schedule schedule;
    private final Rng rng;
    private final Scope home;
    private final MetricSink sink;
    private final List<ParameterVector> known = new ArrayList<>();

    /**
     * A probe that knows no eigenvector yet.
     *
     * @param parameters of the network
     * @param lanczos    the search; it must ask for the largest eigenvalues
     * @param schedule   steps to measure at
     * @param rng        key of the random parts of the starts
     * @param parent     outlives the probe
     * @param sink       takes the measurements
     */
    public SharpnessProbe(
            List<Parameter> parameters, Lanczos lanczos, Schedule schedule, Rng rng, Scope parent, MetricSink sink) {
        if (lanczos.end() == Lanczos.End.SMALLEST) {
            throw new IllegalArgumentException(
                    "sharpness: it is the largest eigenvalue, but the search is for " + lanczos);
        }
        this.parameters = List.copyOf(parameters);
        this.lanczos = lanczos;
        this.schedule = schedule;
        this.rng = rng.fold("sharpness");
        this.home = parent.child("sharpness");
        this.sink = sink;
    }

    /** The two largest eigenvalues at steps 0, k, 2k, ... */
    public static SharpnessProbe every(long k, List<Parameter> parameters, Scope parent, MetricSink sink) {
        return new SharpnessProbe(parameters, Lanczos.largest(2), Schedule.every(k), Rng.seed(0), parent, sink);
    }

    @Override
    public String name() {
        return "sharpness";
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.GRADIENT, Need.HVP);
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        try (Scope scope = step.scope().child("sharpness")) {
            LinearOperator hessian = (v, into) -> step.objective().hvp(step.weights(), v, into);
            Spectrum found = lanczos.solve(hessian, step.weights(), known, rng.fold(t), scope);
            sink.put(t, OscillationNames.SHARPNESS, found.top());
            sink.put(t, OscillationNames.ETA_SHARPNESS, step.rate() * found.top());
            for (int i = 1; i < found.largest().size(); i++) {
                sink.put(
                        t,
                        OscillationNames.EIGENVALUE + (i + 1),
                        found.largest().get(i).value());
            }
            double along = found.vectors().get(0).dot(step.gradient()) / step.gradientNorm();
            sink.put(t, OscillationNames.OVERLAP, along * along);
            sink.put(t, OscillationNames.SUBSPACE, Subspaces.overlap(found.vectors(), step.gradient()));
            sink.put(t, OscillationNames.RESIDUAL, found.worstResidual());
            sink.put(t, OscillationNames.CONVERGED, found.converged() ? 1 : 0);
            sink.put(t, OscillationNames.PRODUCTS, found.products());
            remember(found.vectors());
        } catch (ArithmeticException overflow) {
            // Only the curvature overflowed: the trainer will say that training diverges when the loss does.
            sink.put(t, OscillationNames.SHARPNESS, Double.NaN);
            sink.put(t, OscillationNames.ETA_SHARPNESS, Double.NaN);
            sink.put(t, OscillationNames.CONVERGED, 0);
        }
    }

    private void remember(List<ParameterVector> vectors) {
        for (int i = 0; i < vectors.size(); i++) {
            if (i < known.size()) {
                known.get(i).copyFrom(vectors.get(i));
            } else {
                known.add(vectors.get(i).keep(home));
            }
        }
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < known.size(); i++) {
            state.putAll(NamedTensors.prefixed(
                    "vector" + i + "/", known.get(i).keep(into).named()));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        for (int i = 0; i < lanczos.count(); i++) {
            Map<String, Tensor> tensors = NamedTensors.under("vector" + i + "/", captured);
            if (!tensors.isEmpty()) {
                if (i == known.size()) {
                    known.add(ParameterVector.of(parameters, p -> home.keep(NamedTensors.require(tensors, p.name()))));
                } else {
                    known.get(i).load(tensors);
                }
            }
        }
    }

    @Override
    public void close() {
        home.close();
    }
}
