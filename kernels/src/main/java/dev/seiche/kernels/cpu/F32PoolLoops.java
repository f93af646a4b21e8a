package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link PoolLoops} of f32. Its double twin is {@link F64PoolLoops}. */
final class F32PoolLoops implements PoolLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public void max(PoolRun run, MemorySegment x, MemorySegment y) {
        for (int w = 0; w < run.windows(); w++) {
            for (int c = 0; c < run.channels(); c += L) {
                int left = run.channels() - c;
                FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
                for (int h = 0; h < run.rows(); h++) {
                    for (int l = 0; l < run.columns(); l++) {
                        top = top.max(load(x, run.place(w, h, l, c), left));
                    }
                }
                store(top, y, output(run, w, c), left);
            }
        }
    }

    /** Numbers of the winning pixels within window w, from 0, row by row. */
    private static FloatVector winners(PoolRun run, MemorySegment x, int w, int c, int left) {
        FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector winner = FloatVector.zero(SPECIES);
        for (int h = 0; h < run.rows(); h++) {
            for (int l = 0; l < run.columns(); l++) {
                FloatVector value = load(x, run.place(w, h, l, c), left);
                VectorMask<Float> firstNaN =
                        value.test(VectorOperators.IS_NAN).andNot(top.test(VectorOperators.IS_NAN));
                VectorMask<Float> wins = value.compare(VectorOperators.GT, top).or(firstNaN);
                top = top.blend(value, wins);
                winner = winner.blend((float) (h * run.columns() + l), wins);
            }
        }
        return winner;
    }

    @Override
    public void takeWinners(PoolRun run, MemorySegment x, MemorySegment t, MemorySegment y) {
        for (int w = 0; w < run.windows(); w++) {
            for (int c = 0; c < run.channels(); c += L) {
                int left = run.channels() - c;
                FloatVector winner = winners(run, x, w, c, left);
                FloatVector taken = FloatVector.zero(SPECIES);
                for (int h = 0; h < run.rows(); h++) {
                    for (int l = 0; l < run.columns(); l++) {
                        VectorMask<Float> won = winner.eq((float) (h * run.columns() + l));
                        taken = taken.blend(load(t, run.place(w, h, l, c), left), won);
                    }
                }
                store(taken, y, output(run, w, c), left);
            }
        }
    }

    @Override
    public void addToWinners(PoolRun run, MemorySegment x, MemorySegment dy, MemorySegment dx) {
        for (int w = 0; w < run.windows(); w++) {
            for (int c = 0; c < run.channels(); c += L) {
                int left = run.channels() - c;
                FloatVector winner = winners(run, x, w, c, left);
                FloatVector add = load(dy, output(run, w, c), left);
                for (int h = 0; h < run.rows(); h++) {
                    for (int l = 0; l < run.columns(); l++) {
                        VectorMask<Float> won = winner.eq((float) (h * run.columns() + l));
                        long at = run.place(w, h, l, c);
                        store(load(dx, at, left).add(add, won), dx, at, left);
                    }
                }
            }
        }
    }

    @Override
    public void mean(PoolRun run, MemorySegment x, double divisor, MemorySegment y) {
        for (int w = 0; w < run.windows(); w++) {
            for (int c = 0; c < run.channels(); c += L) {
                int left = run.channels() - c;
                FloatVector sum = FloatVector.zero(SPECIES);
                for (int h = 0; h < run.rows(); h++) {
                    for (int l = 0; l < run.columns(); l++) {
                        sum = sum.add(load(x, run.place(w, h, l, c), left));
                    }
                }
                store(sum.div((float) divisor), y, output(run, w, c), left);
            }
        }
    }

    @Override
    public void addShares(PoolRun run, MemorySegment dy, double divisor, MemorySegment dx) {
        for (int w = 0; w < run.windows(); w++) {
            for (int c = 0; c < run.channels(); c += L) {
                int left = run.channels() - c;
                FloatVector share = load(dy, output(run, w, c), left).div((float) divisor);
                for (int h = 0; h < run.rows(); h++) {
                    for (int l = 0; l < run.columns(); l++) {
                        long at = run.place(w, h, l, c);
                        store(load(dx, at, left).add(share), dx, at, left);
                    }
                }
            }
        }
    }

    private static long output(PoolRun run, int w, int c) {
        return (long) w * run.channels() + c;
    }

    /** Elements from i on: a whole vector, or as many as are left and zeros. */
    private static FloatVector load(MemorySegment x, long i, int left) {
        long at = i * Float.BYTES;
        return left >= L
                ? FloatVector.fromMemorySegment(SPECIES, x, at, ORDER)
                : FloatVector.fromMemorySegment(SPECIES, x, at, ORDER, SPECIES.indexInRange(0, left));
    }

    private static void store(FloatVector v, MemorySegment y, long i, int left) {
        long at = i * Float.BYTES;
        if (left >= L) {
            v.intoMemorySegment(y, at, ORDER);
        } else {
            v.intoMemorySegment(y, at, ORDER, SPECIES.indexInRange(0, left));
        }
    }
}
