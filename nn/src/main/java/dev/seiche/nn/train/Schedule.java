package dev.seiche.nn.train;

import java.util.Set;
import java.util.TreeSet;

/** Which steps something happens at. A pure function of the step, which counts from 0. */
@FunctionalInterface
public interface Schedule {

    boolean at(long step);

    static Schedule everyStep() {
        return step -> true;
    }

    /** Steps 0, k, 2k, ... */
    static Schedule every(long k) {
        if (k < 1) {
            throw new IllegalArgumentException("schedule: every k steps needs k >= 1, got " + k);
        }
        return step -> step % k == 0;
    }

    /** These steps only. */
    static Schedule steps(long... wanted) {
        Set<Long> all = new TreeSet<>();
        for (long step : wanted) {
            all.add(step);
        }
        return all::contains;
    }

    /** The steps of this and of the other. */
    default Schedule or(Schedule other) {
        return step -> at(step) || other.at(step);
    }
}
