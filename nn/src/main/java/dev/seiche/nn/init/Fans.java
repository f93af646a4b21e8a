package dev.seiche.nn.init;

import dev.seiche.tensor.Shape;

/**
 * How many inputs one output of a layer sums over, and how many outputs one input reaches. A bias has the fans of its
 * layer's weight.
 */
public record Fans(long in, long out) {
    public Fans {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("fans are at least 1, got in=" + in + ", out=" + out);
        }
    }

    /**
     * Fans of a weight whose last two axes are [in, out] and whose leading axes are taps: a linear weight [in, out], a
     * convolution weight [KH, KW, C/groups, O]. As usual, the fan out of a grouped convolution ignores the groups.
     *
     * @throws IllegalArgumentException for a rank below 2 or a size of 0
     */
    public static Fans of(Shape weight) {
        if (weight.rank() < 2) {
            throw new IllegalArgumentException("fans need a weight [.., in, out], got shape " + weight);
        }
        long taps = weight.slice(0, weight.rank() - 2).size();
        return new Fans(taps * weight.dim(-2), taps * weight.dim(-1));
    }
}
