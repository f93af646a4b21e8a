package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.PinnedMemory;
import dev.seiche.tensor.DeviceMemoryException;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Ids that are out of range. A kernel cannot throw: it notes the launch and the position, and the host looks whenever it
 * copies results. Of several mistakes the first launch's first position is named.
 */
final class IdChecks {
    private static final long NONE = -1;

    /** Launches that may go unchecked before one of them waits for an answer. */
    private static final int MOST_UNCHECKED = 4096;

    /** Tickets from here on are those of captured launches. */
    private static final int FIRST_CAPTURED = 1 << 30;

    private final GpuContext context;
    private final long note;
    private final PinnedMemory host;
    private final Map<Integer, Launch> unchecked = new HashMap<>();
    private int tickets;

    /** Launches in captured graphs, which may run at any time from now on. */
    private final Map<Integer, Launch> captured = new HashMap<>();

    private int capturedTickets = FIRST_CAPTURED;
    private boolean capturing;
    private boolean replayed;

    private record Launch(String op, String ids, Shape shape, int bound) {}

    IdChecks(GpuContext context) {
        this.context = context;
        this.note = context.allocate(Long.BYTES);
        if (note == 0) {
            throw new DeviceMemoryException(
                    context.gpu().device(), Long.BYTES, 0, context.gpu().memoryBytes());
        }
        this.host = context.pin(Long.BYTES);
        context.setBytes(note, (byte) NONE, Long.BYTES);
    }

    /** Where a kernel notes a mistake. */
    long address() {
        return note;
    }

    /** The number of a launch that reads ids, which are to be in 0..bound-1. */
    int ticket(Op op, Tensor ids, int bound) {
        Launch launch = new Launch(op.name(), ids.describe(), ids.shape(), bound);
        if (capturing) {
            captured.put(capturedTickets, launch);
            return capturedTickets++;
        }
        if (unchecked.size() == MOST_UNCHECKED) {
            check();
        }
        unchecked.put(tickets, launch);
        return tickets++;
    }

    /** Whether launches are captured from now on, rather than run. */
    void capturing(boolean now) {
        capturing = now;
    }

    /** Captured launches run now. */
    void replayed() {
        replayed = !captured.isEmpty();
    }

    /**
     * Waits and looks; for nothing when no launch read ids since the last time.
     *
     * @throws IndexOutOfBoundsException naming the op, the ids and the position
     */
    void check() {
        if (unchecked.isEmpty() && !replayed) {
            return;
        }
        context.download(note, host, 0, Long.BYTES);
        context.synchronize();
        long noted = host.segment().get(ValueLayout.JAVA_LONG, 0);
        try {
            if (noted != NONE) {
                context.setBytes(note, (byte) NONE, Long.BYTES);
                throw mistake((int) (noted >>> 32), (int) noted);
            }
        } finally {
            unchecked.clear();
            tickets = 0;
            replayed = false;
        }
    }

    void close() {
        context.release(note);
    }

    private IndexOutOfBoundsException mistake(int ticket, int position) {
        Launch launch = ticket < FIRST_CAPTURED ? unchecked.get(ticket) : captured.get(ticket);
        if (launch == null) {
            throw new AssertionError(
                    "launch " + ticket + " noted an id and is not known; known are " + unchecked.keySet());
        }
        return new IndexOutOfBoundsException(launch.op + ": the id at " + Arrays.toString(index(launch.shape, position))
                + " of ids " + launch.ids + " is not in 0.." + (launch.bound - 1));
    }

    private static int[] index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return index;
    }
}
