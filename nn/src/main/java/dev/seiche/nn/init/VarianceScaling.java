package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/**
 * Mean 0 and variance gain^2 / fan: the family that Kaiming, Xavier and 1/sqrt(fan in) belong to.
 *
 * @param gain makes up for what the layer's activation takes away; 1 for none
 */
public record VarianceScaling(double gain, Fan fan, Distribution distribution) implements Init {

    /** Which fan the variance is divided by; AVERAGE is (in + out)/2. */
    public enum Fan {
        IN,
        OUT,
        AVERAGE
    }

    /** Shape of the distribution, at the same variance. */
    public enum Distribution {
        NORMAL,
        UNIFORM
    }

    public VarianceScaling {
        if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("init: the gain must be 0 or more and finite, got " + gain);
        }
    }

    /** Standard deviation of the values for these fans. */
    public double deviation(Fans fans) {
        return gain / Math.sqrt(divisor(fans));
    }

    @Override
    public double[] values(Rng rng, Shape shape, Fans fans) {
        Init scaled = distribution == Distribution.NORMAL
                ? new Normal(deviation(fans))
                : new Uniform(gain * Math.sqrt(3 / divisor(fans)));
        return scaled.values(rng, shape, fans);
    }

    private double divisor(Fans fans) {
        return switch (fan) {
            case IN -> fans.in();
            case OUT -> fans.out();
            case AVERAGE -> (fans.in() + fans.out()) / 2.0;
        };
    }
}
