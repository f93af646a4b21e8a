package dev.seiche.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jcuda.Pointer;

/**
 * The arguments of one launch, in the order of the kernel's parameters, each laid out as C does. Owned by a context and
 * used again for every launch.
 */
public final class Arguments {
    private static final int MOST_BYTES = 4096; // CUDA's own limit
    private static final int MOST_ARGUMENTS = 64;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(MOST_BYTES).order(ByteOrder.nativeOrder());
    private final Pointer start = Pointer.to(bytes);
    private final int[] offsets = new int[MOST_ARGUMENTS];
    private int count;

    Arguments() {}

    /** A structure in the layout that a kernel's header declares. */
    public interface Structure {
        /** Writes all fields from the buffer's position on, which is a multiple of 8; pads as C does. */
        void pack(ByteBuffer into);
    }

    void clear() {
        bytes.clear();
        count = 0;
    }

    /** An address on the device; 0 is null. */
    public Arguments pointer(long address) {
        return i64(address);
    }

    public Arguments i32(int value) {
        begin(Integer.BYTES);
        bytes.putInt(value);
        return this;
    }

    public Arguments i64(long value) {
        begin(Long.BYTES);
        bytes.putLong(value);
        return this;
    }

    public Arguments f64(double value) {
        begin(Double.BYTES);
        bytes.putDouble(value);
        return this;
    }

    public Arguments structure(Structure value) {
        begin(Long.BYTES);
        value.pack(bytes);
        return this;
    }

    private void begin(int alignment) {
        int at = (bytes.position() + alignment - 1) / alignment * alignment;
        bytes.position(at);
        offsets[count++] = at;
    }

    /** A pointer to pointers to the arguments, as a launch takes them. */
    Pointer pointers() {
        Pointer[] each = new Pointer[count];
        for (int i = 0; i < count; i++) {
            each[i] = start.withByteOffset(offsets[i]);
        }
        return Pointer.to(each);
    }

    @Override
    public String toString() {
        return count + " arguments at " + Arrays.toString(Arrays.copyOf(offsets, count));
    }
}
