package dev.seiche.metrics.oscillation;

import dev.seiche.tensor.Rng;

/**
 * Projections of a long vector on a few fixed random directions, whose entries are +-1/sqrt(r). The directions are never
 * stored: the signs of 64 consecutive entries are one word of the keyed random numbers. For r directions the sketches of
 * two vectors have an inner product of the same mean as theirs, with a standard deviation of at most about
 * |a| |b| sqrt(2/r). Stateless; safe to share.
 *
 * @param key        the randomness; the same key gives the same directions
 * @param directions r, at least 1
 */
public record SignSketch(Rng key, int directions) {
    public SignSketch {
        if (directions < 1) {
            throw new IllegalArgumentException("sketch: needs at least 1 direction, got " + directions);
        }
    }

    /**
     * Adds the contribution of one named part of the vector to its projections.
     *
     * @param name   of the part: the same name meets the same signs
     * @param values its entries
     * @param into   the r projections so far
     */
    public void add(String name, double[] values, double[] into) {
        Rng part = key.fold(name);
        double scale = 1 / Math.sqrt(directions);
        for (int j = 0; j < directions; j++) {
            into[j] += scale * signedSum(part.fold(j), values);
        }
    }

    private static double signedSum(Rng signs, double[] values) {
        double sum = 0;
        for (int start = 0; start < values.length; start += Long.SIZE) {
            long bits = signs.bits(start / Long.SIZE);
            int end = Math.min(values.length, start + Long.SIZE);
            for (int i = start; i < end; i++, bits >>>= 1) {
                // the low bit becomes the sign bit: no branch, exact
                sum += Double.longBitsToDouble(Double.doubleToRawLongBits(values[i]) ^ bits << 63);
            }
        }
        return sum;
    }
}
