package dev.seiche.tensor;

/**
 * The counter-based generator Philox4x32-10: a keyed bijection on 128-bit counters whose outputs pass as random bits.
 *
 * <p>Stateless, so any element of a stream can be computed alone, on any thread and on any device, with the same bits.
 * Use {@link Rng} for numbers; this class is only the permutation underneath. It is not a cipher.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
public final class Philox4x32 {

    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    /** Key increments: the golden ratio and sqrt(3) - 1, as 32-bit fractions. */
    private static final int WEYL_0 = 0x9E3779B9;

    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private Philox4x32() {}

    /**
     * Writes the four 32-bit words that belong to a counter (c0 lowest) under a key (k0 lowest).
     *
     * @param out at least 4 long; words 0 to 3 are overwritten
     */
    public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out) {
        int x0 = c0;
        int x1 = c1;
        int x2 = c2;
        int x3 = c3;
        int key0 = k0;
        int key1 = k1;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (x0 & LOW_32);
            long product1 = MULTIPLIER_1 * (x2 & LOW_32);
            x0 = (int) (product1 >>> 32) ^ x1 ^ key0;
            x1 = (int) product1;
            x2 = (int) (product0 >>> 32) ^ x3 ^ key1;
            x3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        out[0] = x0;
        out[1] = x1;
        out[2] = x2;
        out[3] = x3;
    }
}
