package dev.seiche.study;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A dense row-major array of numbers on its way into or out of a file.
 *
 * <p>It is a view of the memory it was made from, which must not change before it is written. It knows nothing of
 * devices or scopes: a study copies a tensor's values into one.
 */
public final class ArrayData {
    /** Element types, with the names that the file format uses. */
    public enum Type {
        F32(4),
        F64(8),
        I32(4),
        I64(8),
        U8(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of one element. */
        public int bytes() {
            return bytes;
        }
    }

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Type type;
    private final long[] shape;
    private final MemorySegment bytes;

    /**
     * Views little-endian bytes as an array.
     *
     * @param bytes exactly as many as type and shape need
     */
    public ArrayData(Type type, long[] shape, MemorySegment bytes) {
        this.type = type;
        this.shape = shape.clone();
        this.bytes = bytes.asReadOnly();
        long needed = byteSize(type, shape);
        if (needed != bytes.byteSize()) {
            throw new IllegalArgumentException("array: %s%s needs %d bytes, got %d"
                    .formatted(type, Arrays.toString(shape), needed, bytes.byteSize()));
        }
    }

    /** Copies floats. */
    public static ArrayData of(float[] values, long... shape) {
        MemorySegment to = room(Type.F32, values.length);
        MemorySegment.copy(values, 0, to, F32, 0, values.length);
        return new ArrayData(Type.F32, shapeOr(shape, values.length), to);
    }

    /** Copies doubles. */
    public static ArrayData of(double[] values, long... shape) {
        MemorySegment to = room(Type.F64, values.length);
        MemorySegment.copy(values, 0, to, F64, 0, values.length);
        return new ArrayData(Type.F64, shapeOr(shape, values.length), to);
    }

    /** Copies ints. */
    public static ArrayData of(int[] values, long... shape) {
        MemorySegment to = room(Type.I32, values.length);
        MemorySegment.copy(values, 0, to, I32, 0, values.length);
        return new ArrayData(Type.I32, shapeOr(shape, values.length), to);
    }

    /** Copies longs. */
    public static ArrayData of(long[] values, long... shape) {
        MemorySegment to = room(Type.I64, values.length);
        MemorySegment.copy(values, 0, to, I64, 0, values.length);
        return new ArrayData(Type.I64, shapeOr(shape, values.length), to);
    }

    /** Copies unsigned bytes. */
    public static ArrayData ofBytes(byte[] values, long... shape) {
        return new ArrayData(Type.U8, shapeOr(shape, values.length), MemorySegment.ofArray(values.clone()));
    }

    /**
     * Bytes that an array needs.
     *
     * @throws IllegalArgumentException for a negative size or more than {@link Long#MAX_VALUE} bytes
     */
    public static long byteSize(Type type, long... shape) {
        long size = type.bytes();
        for (long dim : shape) {
            if (dim < 0) {
                throw new IllegalArgumentException("array: negative size in " + Arrays.toString(shape));
            }
            try {
                size = Math.multiplyExact(size, dim);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("array: " + Arrays.toString(shape) + " is too large", e);
            }
        }
        return size;
    }

    private static MemorySegment room(Type type, long elements) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(elements * type.bytes())]);
    }

    private static long[] shapeOr(long[] shape, long length) {
        return shape.length == 0 ? new long[] {length} : shape;
    }

    /** Element type. */
    public Type type() {
        return type;
    }

    /** Sizes of the dimensions; empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** The elements as little-endian bytes, read-only. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** Number of elements. */
    public long size() {
        return bytes.byteSize() / type.bytes();
    }

    /** Copies the elements out; the type must be F32. */
    public float[] floats() {
        float[] to = new float[length(Type.F32)];
        MemorySegment.copy(bytes, F32, 0, to, 0, to.length);
        return to;
    }

    /** Copies the elements out; the type must be F64. */
    public double[] doubles() {
        double[] to = new double[length(Type.F64)];
        MemorySegment.copy(bytes, F64, 0, to, 0, to.length);
        return to;
    }

    /** Copies the elements out; the type must be I32. */
    public int[] ints() {
        int[] to = new int[length(Type.I32)];
        MemorySegment.copy(bytes, I32, 0, to, 0, to.length);
        return to;
    }

    /** Copies the elements out; the type must be I64. */
    public long[] longs() {
        long[] to = new long[length(Type.I64)];
        MemorySegment.copy(bytes, I64, 0, to, 0, to.length);
        return to;
    }

    private int length(Type asked) {
        if (type != asked) {
            throw new IllegalStateException(
                    "array: asked for %s, but it is %s%s".formatted(asked, type, Arrays.toString(shape)));
        }
        return Math.toIntExact(size());
    }

    /** Same type, shape and bits. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayData that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && bytes.mismatch(that.bytes) == -1;
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return type.name().toLowerCase(java.util.Locale.ROOT) + Arrays.toString(shape);
    }
}
