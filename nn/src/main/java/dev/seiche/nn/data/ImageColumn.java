package dev.seiche.nn.data;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Standardised pixels [H, W, C]; kept as bytes, turned into numbers when a batch asks. */
final class ImageColumn implements Column {
    private static final int LEVELS = 256;

    private final LabelledImages images;
    /** The number for each byte, [period, 256]: place i of an image uses row i mod period. */
    private final double[] numbers;

    private final int period;

    ImageColumn(LabelledImages images, Standardisation standardisation) {
        if (images.channels() != standardisation.channels()) {
            throw new IllegalArgumentException("standardisation: statistics of %d channels for images of %d"
                    .formatted(standardisation.channels(), images.channels()));
        }
        this.images = images;
        this.period = images.channels();
        this.numbers = new double[period * LEVELS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = standardisation.apply(i / LEVELS, i % LEVELS);
        }
    }

    ImageColumn(LabelledImages images, PixelStandardisation standardisation) {
        if (images.imageSize() != standardisation.size()) {
            throw new IllegalArgumentException("standardisation: statistics of %d pixels for images of %d"
                    .formatted(standardisation.size(), images.imageSize()));
        }
        this.images = images;
        this.period = images.imageSize();
        this.numbers = new double[period * LEVELS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = standardisation.apply(i / LEVELS, i % LEVELS);
        }
    }

    @Override
    public int count() {
        return images.count();
    }

    @Override
    public Shape shape() {
        return Shape.of(images.height(), images.width(), images.channels());
    }

    @Override
    public void write(int example, DType dtype, MemorySegment into) {
        if (!dtype.floating()) {
            throw new IllegalArgumentException("column: pixels are floating, asked for " + dtype);
        }
        byte[] pixels = images.pixels();
        int size = images.imageSize();
        int start = example * size;
        for (int i = 0; i < size; i++) {
            double number = numbers[i % period * LEVELS + (pixels[start + i] & 0xFF)];
            if (dtype == DType.F32) {
                into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) number);
            } else {
                into.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, number);
            }
        }
    }
}
