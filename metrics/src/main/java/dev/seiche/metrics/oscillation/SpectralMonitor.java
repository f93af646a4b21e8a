package dev.seiche.metrics.oscillation;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Stateful;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Map;

/**
 * The {@link SpectralScore} of the last {@value SpectralScore#WINDOW} gradients, through a {@link SignSketch}. Keeps r
 * numbers per gradient and no gradient. Each call reads the gradient to the host.
 */
public final class SpectralMonitor implements Stateful {
    private final SignSketch sketch;
    private final double[][] window; // [direction][step mod WINDOW]
    private long seen;

    /** An empty window for these directions. */
    public SpectralMonitor(SignSketch sketch) {
        this.sketch = sketch;
        this.window = new double[sketch.directions()][SpectralScore.WINDOW];
    }

    /**
     * Takes the next gradient.
     *
     * @return the score, in [0, 1]; NaN until the window is full, or when the gradient does not fluctuate
     */
    public double observe(ParameterVector gradient) {
        double[] projections = new double[window.length];
        gradient.named().forEach((name, tensor) -> sketch.add(name, tensor.toDoubles(), projections));
        for (int j = 0; j < window.length; j++) {
            window[j][(int) (seen % SpectralScore.WINDOW)] = projections[j];
        }
        seen++;
        return seen < SpectralScore.WINDOW ? Double.NaN : SpectralScore.of(inOrder());
    }

    /** Gradients seen so far. */
    public long seen() {
        return seen;
    }

    private double[][] inOrder() {
        int oldest = (int) (seen % SpectralScore.WINDOW);
        double[][] ordered = new double[window.length][SpectralScore.WINDOW];
        for (int j = 0; j < window.length; j++) {
            System.arraycopy(window[j], oldest, ordered[j], 0, SpectralScore.WINDOW - oldest);
            System.arraycopy(window[j], 0, ordered[j], SpectralScore.WINDOW - oldest, oldest);
        }
        return ordered;
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        double[] flat = new double[window.length * SpectralScore.WINDOW];
        for (int j = 0; j < window.length; j++) {
            System.arraycopy(window[j], 0, flat, j * SpectralScore.WINDOW, SpectralScore.WINDOW);
        }
        return Map.of(
                "seen", into.scalar(DType.F64, (double) seen),
                "window", into.tensor(DType.F64, Shape.of(window.length, SpectralScore.WINDOW), flat));
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        Tensor saved = NamedTensors.require(captured, "window");
        if (saved.shape().dim(0) != window.length) {
            throw new IllegalArgumentException("spectral score: saved with "
                    + saved.shape().dim(0) + " directions, here there are " + window.length);
        }
        double[] flat = saved.toDoubles();
        for (int j = 0; j < window.length; j++) {
            System.arraycopy(flat, j * SpectralScore.WINDOW, window[j], 0, SpectralScore.WINDOW);
        }
        seen = (long) NamedTensors.require(captured, "seen").item();
    }
}
