package dev.seiche.metrics.tail;

import dev.seiche.tensor.Rng;

/**
 * The symmetric alpha-stable distribution around 0, with E exp(itX) = exp(-|scale t|^alpha). alpha = 2 has variance
 * 2 scale^2, alpha = 1 is Cauchy.
 *
 * @param alpha in (0, 2]
 * @param scale above 0, in the unit of X
 */
public record StableDistribution(double alpha, double scale) {
    public StableDistribution {
        if (!(alpha > 0 && alpha <= 2) || !(scale > 0)) {
            throw new IllegalArgumentException(
                    "stable distribution: needs alpha in (0, 2] and scale above 0, got " + alpha + " and " + scale);
        }
    }

    /** With scale 1. */
    public static StableDistribution of(double alpha) {
        return new StableDistribution(alpha, 1);
    }

    /**
     * Independent draws; a longer array of the same key begins with the shorter one. Chambers, Mallows, Stuck 1976: with U
     * uniform on (-pi/2, pi/2) and E exponential, X = sin(aU) / cos(U)^(1/a) (cos(U - aU) / E)^((1-a)/a).
     */
    public double[] sample(Rng rng, int count) {
        double[] angle = new double[count];
        double[] time = new double[count];
        rng.fold("angle").uniform(angle);
        rng.fold("time").uniform(time);
        for (int i = 0; i < count; i++) {
            double u = Math.PI * (angle[i] - 0.5);
            // uniform is in [0, 1) in steps of 2^-53: half a step keeps the logarithm finite
            angle[i] = scale * draw(u, Math.max(-StrictMath.log(time[i] + 0x1p-54), 0x1p-54));
        }
        return angle;
    }

    private double draw(double u, double e) {
        if (alpha == 1) {
            return StrictMath.tan(u);
        }
        return StrictMath.sin(alpha * u)
                / StrictMath.pow(StrictMath.cos(u), 1 / alpha)
                * StrictMath.pow(StrictMath.cos(u - alpha * u) / e, (1 - alpha) / alpha);
    }
}
