package dev.seiche.kernels.cpu;

import dev.seiche.tensor.MultiTensor.AdamStep;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link StepLoops} of f32. Its double twin is {@link F64StepLoops}. */
final class F32StepLoops implements StepLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    private static final int BYTES = Float.BYTES;
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
        FloatVector back = all(-step.rate());
        FloatVector decay = all(step.weightDecay());
        float shrink = (float) step.shrink();
        float keep1 = (float) step.beta1();
        FloatVector take1 = all(1 - step.beta1());
        float keep2 = (float) step.beta2();
        FloatVector take2 = all(1 - step.beta2());
        float rootScale = (float) step.rootScale();
        float eps = (float) step.eps();
        for (int i = 0; i < n; i += L) {
            FloatVector w = load(ws, i).mul(shrink);
            FloatVector g = w.fma(decay, load(gs, i));
            FloatVector m = g.fma(take1, load(ms, i).mul(keep1));
            FloatVector v = g.mul(g).fma(take2, load(vs, i).mul(keep2));
            store(m, ms, i);
            store(v, vs, i);
            FloatVector root = v.sqrt().mul(rootScale).add(eps);
            store(m.div(root).fma(back, w), ws, i);
        }
    }

    private static FloatVector all(double value) {
        return FloatVector.broadcast(SPECIES, (float) value);
    }

    private static FloatVector load(long x, long i) {
        return FloatVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER);
    }

    private static void store(FloatVector v, long y, long i) {
        v.intoMemorySegment(Native.ALL, y + i * BYTES, ORDER);
    }
}
