package dev.seiche.tensor;

/**
 * A device that remembers how much of its memory was in use at the most, and otherwise is the one it stands before: to hold
 * work to a budget.
 */
public final class MeteredBackend implements ForwardingBackend {
    private final Backend inner;
    private long peak;

    /**
     * Meters from what is live now.
     *
     * @param inner computes; closed with this
     */
    public MeteredBackend(Backend inner) {
        this.inner = inner;
        this.peak = inner.liveBytes();
    }

    @Override
    public Backend inner() {
        return inner;
    }

    /** The most bytes that were live at a time, as {@link #liveBytes} counts them. */
    public long peakBytes() {
        return peak;
    }

    /** Begins anew from what is live now. */
    public void forget() {
        peak = inner.liveBytes();
    }

    @Override
    public Buffer allocate(long bytes) {
        Buffer buffer = inner.allocate(bytes);
        peak = Math.max(peak, inner.liveBytes());
        return buffer;
    }
}
