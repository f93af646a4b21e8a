package dev.seiche.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A key to endless streams of random numbers: an immutable value, not a generator with a state.
 *
 * <p>Give every use its own key by name, {@code rng.fold("fc1.weight")}: a new layer then never shifts the numbers of
 * another. Asking the same key twice gives the same numbers twice. Safe to share between threads.
 *
 * <p><b>Streams.</b> Element i of every stream is a function of (key, i) alone, so a stream may be filled in chunks, in
 * any order, on any device, with the same bits. With the key as Philox key, block j is Philox4x32-10 of the counter
 * words (j low, j high, attempt, 0). Element i owns 64 bits: words 0 (low) and 1 (high) of block i/2 if i is even, words
 * 2 and 3 if it is odd.
 *
 * <ul>
 *   <li>uniform f64 in [0, 1): the top 53 bits times 2^-53;
 *   <li>uniform f32 in [0, 1): the top 24 bits times 2^-24, which is the f64 value rounded down;
 *   <li>normal f64: by Box-Muller from the pair of elements (2j, 2j+1), with u the uniform of element 2j plus 2^-53 and v
 *       that of element 2j+1: element 2j is sqrt(-2 ln u) cos(2 pi v), element 2j+1 is sqrt(-2 ln u) sin(2 pi v);
 *       magnitudes end at 8.572;
 *   <li>normal f32: the f64 value rounded to nearest;
 *   <li>bernoulli(p): 1 where the f64 uniform is below p, else 0;
 *   <li>below(bound): the high half of bits times bound, unbiased (attempt counts the rare redraws).
 * </ul>
 *
 * All these are readings of the same bits: fold one key for each purpose. Folding uses counters that no stream reaches.
 *
 * @param key the 64 bits of the Philox key, k0 in the low half
 */
public record Rng(long key) {

    private static final int FOLD_NUMBER = 1;
    private static final int FOLD_NAME = 2;
    private static final double ULP_53 = 0x1p-53;
    private static final float ULP_24 = 0x1p-24f;

    /** The root key of a seed. Any seed is as good as any other. */
    public static Rng seed(long seed) {
        return new Rng(seed);
    }

    /** The key of number {@code value} under this key: for an epoch, a step, a sample. */
    public Rng fold(long value) {
        int[] words = new int[4];
        return new Rng(mix(key, value, 0, FOLD_NUMBER, words));
    }

    /** The key of a name under this key; depends on the name's UTF-8 bytes. Never equal to a numbered one by design. */
    public Rng fold(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int[] words = new int[4];
        // The length goes in first, so that zero padding of the last eight bytes cannot make two names alike.
        long state = mix(key, bytes.length, 0, FOLD_NAME, words);
        for (int start = 0; start < bytes.length; start += Long.BYTES) {
            long chunk = 0;
            for (int b = Math.min(bytes.length, start + Long.BYTES) - 1; b >= start; b--) {
                chunk = chunk << 8 | bytes[b] & 0xFF;
            }
            state = mix(state, chunk, 1 + start / Long.BYTES, FOLD_NAME, words);
        }
        return new Rng(state);
    }

    private static long mix(long key, long value, int position, int purpose, int[] words) {
        Philox4x32.block((int) value, (int) (value >>> 32), position, purpose, (int) key, (int) (key >>> 32), words);
        return pair(words, 0);
    }

    /** 32-bit word i of the raw stream: word i mod 4 of block i/4, to be read as unsigned. */
    public int uint32(long i) {
        int[] words = new int[4];
        block(checked(i) >>> 2, 0, words);
        return words[(int) (i & 3)];
    }

    /** The 64 bits that element i owns. */
    public long bits(long i) {
        int[] words = new int[4];
        block(checked(i) >>> 1, 0, words);
        return pair(words, (int) (i & 1));
    }

    /** Element i of the f64 uniform stream, in [0, 1). */
    public double uniform(long i) {
        return (bits(i) >>> 11) * ULP_53;
    }

    /** Element i of the f64 normal stream: mean 0, variance 1. */
    public double normal(long i) {
        int[] words = new int[4];
        block(checked(i) >>> 1, 0, words);
        long angle = pair(words, 1) >>> 11;
        return BoxMuller.radius(pair(words, 0) >>> 11)
                * ((i & 1) == 0 ? BoxMuller.cosine(angle) : BoxMuller.sine(angle));
    }

    /**
     * True with probability p at element i.
     *
     * @throws IllegalArgumentException if p is not in [0, 1]
     */
    public boolean bernoulli(long i, double p) {
        return uniform(i) < probability(p);
    }

    /**
     * Element i of the stream of integers 0 to bound - 1, each with exactly the same probability.
     *
     * @throws IllegalArgumentException if bound is below 1
     */
    public int below(long i, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("rng: below(bound) needs bound >= 1, got " + bound);
        }
        checked(i);
        long surplus = Long.remainderUnsigned(-bound, bound); // 2^64 mod bound: that many low products are one too many
        int[] words = new int[4];
        for (int attempt = 0; ; attempt++) {
            block(i >>> 1, attempt, words);
            long bits = pair(words, (int) (i & 1));
            if (Long.compareUnsigned(bits * bound, surplus) >= 0) {
                return (int) Math.unsignedMultiplyHigh(bits, bound);
            }
        }
    }

    /**
     * A uniformly random order of 0 to n - 1 (Fisher-Yates from the end: place i swaps with {@code below(i, i + 1)}).
     *
     * @throws IllegalArgumentException if n is negative
     */
    public int[] permutation(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("rng: permutation(n) needs n >= 0, got " + n);
        }
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = below(i, i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** Fills an array with elements 0, 1, ... of the f64 uniform stream. */
    public void uniform(double[] into) {
        uniformF64(MemorySegment.ofArray(into), 0);
    }

    /** Fills an array with elements 0, 1, ... of the f64 normal stream. */
    public void normal(double[] into) {
        normalF64(MemorySegment.ofArray(into), 0);
    }

    /** Fills f32 memory with elements first, first + 1, ... of the uniform stream. */
    public void uniformF32(MemorySegment into, long first) {
        fill(into, Float.BYTES, first, (words, two) -> {
            two[0] = (words[1] >>> 8) * ULP_24;
            two[1] = (words[3] >>> 8) * ULP_24;
        });
    }

    /** Fills f64 memory with elements first, first + 1, ... of the uniform stream. */
    public void uniformF64(MemorySegment into, long first) {
        fill(into, Double.BYTES, first, Rng::uniforms);
    }

    /** Fills f32 memory with elements first, first + 1, ... of the normal stream. */
    public void normalF32(MemorySegment into, long first) {
        fill(into, Float.BYTES, first, Rng::normals);
    }

    /** Fills f64 memory with elements first, first + 1, ... of the normal stream. */
    public void normalF64(MemorySegment into, long first) {
        fill(into, Double.BYTES, first, Rng::normals);
    }

    /** Fills f32 memory with 1 (probability p) or 0: elements first, first + 1, ... of the Bernoulli stream. */
    public void bernoulliF32(MemorySegment into, long first, double p) {
        fill(into, Float.BYTES, first, bernoullis(p));
    }

    /** Fills f64 memory with 1 (probability p) or 0: elements first, first + 1, ... of the Bernoulli stream. */
    public void bernoulliF64(MemorySegment into, long first, double p) {
        fill(into, Double.BYTES, first, bernoullis(p));
    }

    /** Turns the four words of a block into its two elements. */
    private interface Reading {
        void read(int[] words, double[] two);
    }

    private static void uniforms(int[] words, double[] two) {
        two[0] = (pair(words, 0) >>> 11) * ULP_53;
        two[1] = (pair(words, 1) >>> 11) * ULP_53;
    }

    private static void normals(int[] words, double[] two) {
        double radius = BoxMuller.radius(pair(words, 0) >>> 11);
        long angle = pair(words, 1) >>> 11;
        two[0] = radius * BoxMuller.cosine(angle);
        two[1] = radius * BoxMuller.sine(angle);
    }

    private static Reading bernoullis(double p) {
        double bound = probability(p);
        return (words, two) -> {
            uniforms(words, two);
            two[0] = two[0] < bound ? 1 : 0;
            two[1] = two[1] < bound ? 1 : 0;
        };
    }

    private void fill(MemorySegment into, int elementBytes, long first, Reading reading) {
        checked(first);
        if (into.byteSize() % elementBytes != 0) {
            throw new IllegalArgumentException(
                    "rng: memory of %d bytes does not hold a whole number of %d-byte elements"
                            .formatted(into.byteSize(), elementBytes));
        }
        long count = into.byteSize() / elementBytes;
        int[] words = new int[4];
        double[] two = new double[2];
        for (long i = 0; i < count; ) {
            block(first + i >>> 1, 0, words);
            reading.read(words, two);
            for (int half = (int) (first + i & 1); half < 2 && i < count; half++, i++) {
                if (elementBytes == Float.BYTES) {
                    into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) two[half]);
                } else {
                    into.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, two[half]);
                }
            }
        }
    }

    private void block(long j, int attempt, int[] words) {
        Philox4x32.block((int) j, (int) (j >>> 32), attempt, 0, (int) key, (int) (key >>> 32), words);
    }

    private static long pair(int[] words, int half) {
        return words[2 * half] & 0xFFFF_FFFFL | (long) words[2 * half + 1] << 32;
    }

    private static long checked(long element) {
        if (element < 0) {
            throw new IllegalArgumentException("rng: stream elements count from 0, got element " + element);
        }
        return element;
    }

    private static double probability(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("rng: a probability is in [0, 1], got " + p);
        }
        return p;
    }
}
