package dev.seiche.metrics.example;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts for each example how often it goes from correct to incorrect between looks, and when it was first correct. Toneva
 * et al., "An empirical study of example forgetting during deep neural network learning", ICLR 2019. Streaming; look at every
 * example at fixed times, or each time it is in a batch. Filled by one thread.
 */
public final class ForgettingEvents {
    private final int[] events;
    private final long[] learned;
    private final boolean[] correct;

    /** For examples 0 to n - 1, none seen. */
    public ForgettingEvents(int examples) {
        this.events = new int[examples];
        this.learned = new long[examples];
        this.correct = new boolean[examples];
        Arrays.fill(learned, -1);
    }

    /** An example was seen, right or wrong. */
    public void observe(long step, int example, boolean right) {
        if (correct[example] && !right) {
            events[example]++;
        }
        if (right && learned[example] < 0) {
            learned[example] = step;
        }
        correct[example] = right;
    }

    /** All examples were seen, in order: {@code measurement.hits()}, of which 1 is right. */
    public void observe(long step, double[] hits) {
        if (hits.length != events.length) {
            throw new IllegalArgumentException(
                    "forgetting: counts " + events.length + " examples, but saw " + hits.length);
        }
        for (int i = 0; i < hits.length; i++) {
            observe(step, i, hits[i] == 1);
        }
    }

    /** Transitions from correct to incorrect of each example; a copy. */
    public int[] events() {
        return events.clone();
    }

    /** The first step at which each example was correct; -1 for never. A copy. */
    public long[] learned() {
        return learned.clone();
    }

    /** Examples that were learned and never forgotten since, in order. */
    public int[] unforgettable() {
        return IntStream.range(0, events.length)
                .filter(i -> learned[i] >= 0 && events[i] == 0)
                .toArray();
    }
}
