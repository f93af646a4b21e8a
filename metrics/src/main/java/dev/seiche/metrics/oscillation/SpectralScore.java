package dev.seiche.metrics.oscillation;

import org.hipparchus.complex.Complex;
import org.hipparchus.transform.DftNormalization;
import org.hipparchus.transform.FastFourierTransformer;
import org.hipparchus.transform.TransformType;

/**
 * Share of a signal's fluctuation that alternates from step to step.
 *
 * <p>Formula: of each projection of the gradient over a window of W steps, subtract the least-squares line, take the
 * discrete power spectrum P(k/W), add the spectra of all projections; score = power in [{@value #BAND_LOW}, 0.5] cycles
 * per step / power in (0, 0.5]. Every frequency but the Nyquist one counts twice, for its mirror image.
 *
 * <p>Range [0, 1], no unit. An oscillating gradient has period 2, so its power sits at 0.5: score near 1. White noise
 * gives the band's share of the spectrum, about 0.21 at W = 64; a slow drift gives nearly 0. NaN where nothing is left
 * after removing the line. It is our extension of the oscillation papers: they publish no spectral measure. It sees a
 * window of W steps, so it lags behind an onset by some tens of steps.
 */
public final class SpectralScore {
    /** Length of the window in steps. */
    public static final int WINDOW = 64;

    /** Lower edge of the band, in cycles per step. */
    public static final double BAND_LOW = 0.4;

    /** Below this share of a signal's own power, what is left after removing the line is rounding: eps(f64)^2 times W. */
    private static final double ROUNDING = 1e-29;

    private SpectralScore() {}

    /**
     * The score of some signals together.
     *
     * @param signals one row per projection, oldest step first; all of one length, a power of two from 8 on
     */
    public static double of(double[][] signals) {
        double band = 0;
        double total = 0;
        double raw = 0;
        FastFourierTransformer fourier = new FastFourierTransformer(DftNormalization.STANDARD);
        for (double[] signal : signals) {
            int length = signal.length;
            if (length < 8 || Integer.bitCount(length) != 1 || length != signals[0].length) {
                throw new IllegalArgumentException(
                        "spectral score: signals need one length, a power of two from 8 on; got " + length + " beside "
                                + signals[0].length);
            }
            for (double value : signal) {
                raw += length * value * value; // Parseval: the same scale as the spectrum
            }
            Complex[] spectrum = fourier.transform(detrended(signal), TransformType.FORWARD);
            for (int k = 1; k <= length / 2; k++) {
                double norm = spectrum[k].norm();
                double power = norm * norm * (k == length / 2 ? 1 : 2);
                total += power;
                band += k >= BAND_LOW * length ? power : 0;
            }
        }
        return total > ROUNDING * raw ? band / total : Double.NaN;
    }

    /** The signal minus its least-squares line. */
    static double[] detrended(double[] signal) {
        int length = signal.length;
        double middle = (length - 1) / 2.0;
        double mean = 0;
        double slope = 0;
        double spread = 0;
        for (int t = 0; t < length; t++) {
            mean += signal[t] / length;
            slope += (t - middle) * signal[t];
            spread += (t - middle) * (t - middle);
        }
        slope /= spread;
        double[] out = new double[length];
        for (int t = 0; t < length; t++) {
            out[t] = signal[t] - mean - slope * (t - middle);
        }
        return out;
    }
}
