package dev.seiche.kernels.cpu;

import dev.seiche.tensor.MultiTensor.AdamStep;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link StepLoops} of f64: {@link F32StepLoops} in double. */
final class F64StepLoops implements StepLoops {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    private static final int BYTES = Double.BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public int width() {
        return L;
    }

    @Override
    public void adam(
            AdamStep step,
            MemorySegment weights,
            MemorySegment gradients,
            MemorySegment first,
            MemorySegment second,
            int n) {
        long ws = Native.at(weights, (long) n * BYTES);
        long gs = Native.at(gradients, (long) n * BYTES);
        long ms = Native.at(first, (long) n * BYTES);
        long vs = Native.at(second, (long) n * BYTES);
        DoubleVector back = all(-step.rate());
        DoubleVector decay = all(step.weightDecay());
        double shrink = step.shrink();
        double keep1 = step.beta1();
        DoubleVector take1 = all(1 - step.beta1());
        double keep2 = step.beta2();
        DoubleVector take2 = all(1 - step.beta2());
        double rootScale = step.rootScale();
        double eps = step.eps();
        for (int i = 0; i < n; i += L) {
            DoubleVector w = load(ws, i).mul(shrink);
            DoubleVector g = w.fma(decay, load(gs, i));
            DoubleVector m = g.fma(take1, load(ms, i).mul(keep1));
            DoubleVector v = g.mul(g).fma(take2, load(vs, i).mul(keep2));
            store(m, ms, i);
            store(v, vs, i);
            DoubleVector root = v.sqrt().mul(rootScale).add(eps);
            store(m.div(root).fma(back, w), ws, i);
        }
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }

    private static DoubleVector load(long x, long i) {
        return DoubleVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER);
    }

    private static void store(DoubleVector v, long y, long i) {
        v.intoMemorySegment(Native.ALL, y + i * BYTES, ORDER);
    }
}
