package dev.seiche.testkit.emulator;

/** How the emulated CUDA device runs kernels. It shows itself as several devices, one for each mode. */
public enum EmulatedMode {
    /** At full speed, blocks and threads from first to last. */
    FAST(0),
    /** As {@link #FAST}, from last to first. */
    FAST_REVERSE(1),
    /** Looks at every access to memory. */
    CHECKED(2),
    /** As {@link #CHECKED}, from last to first. */
    CHECKED_REVERSE(3);

    private final int index;

    EmulatedMode(int index) {
        this.index = index;
    }

    /** The index of the device that runs kernels in this way. */
    public int index() {
        return index;
    }
}
