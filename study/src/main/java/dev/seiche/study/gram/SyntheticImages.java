package dev.seiche.study.gram;

import dev.seiche.nn.data.Column;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Images [28, 28, 1] of 10 classes that nobody has to download, made when they are asked for: a pattern of the class plus noise,
 * both N(0, 1). Image i is of class i mod 10. Needs no memory, however many there are.
 */
record SyntheticImages(Rng rng, int count) implements Column {
    static final int CLASSES = 10;
    private static final Shape SHAPE = Shape.of(28, 28, 1);

    static int label(int example) {
        return example % CLASSES;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public void write(int example, DType dtype, MemorySegment into) {
        int size = Math.toIntExact(SHAPE.size());
        double[] pattern = new double[size];
        double[] noise = new double[size];
        rng.fold("class").fold(label(example)).normal(pattern);
        rng.fold("noise").fold(example).normal(noise);
        for (int p = 0; p < size; p++) {
            double value = pattern[p] + noise[p];
            if (dtype == DType.F64) {
                into.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, p, value);
            } else {
                into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, p, (float) value);
            }
        }
    }
}
