package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.RecordedGraph;

/**
 * Work of a device that was recorded once and runs again as a whole, a training step say: hundreds of launches for the
 * price of one call. A replay has the same bits as the work itself.
 *
 * <pre>{@code
 * step.run();                                      // once, so that memory and kernels are there
 * try (CudaGraph graph = backend.capture(step)) {  // records; computes nothing
 *   for (int i = 1; i < 1000; i++) {
 *     graph.replay();
 *   }
 * }
 * }</pre>
 *
 * <p>What is recorded are launches, with the addresses and numbers they had. So
 *
 * <ul>
 *   <li>nothing may pass between the host and the device: no {@code item} or {@code toDoubles}, no {@code scope.tensor};
 *       that is refused. New data goes into tensors that the work reads, by {@code applyInto} between replays;
 *   <li>tensors from outside that the work reads or writes must live as long as the graph; memory that the work itself
 *       allocated is kept for the graph, and tensors that it leaves behind hold the result of the last replay;
 *   <li>numbers of the host are those of the capture: the same learning rate, the same draws of dropout, the same bias
 *       correction of Adam in every replay.
 * </ul>
 *
 * <p>One thread, as its backend.
 */
public final class CudaGraph implements AutoCloseable {
    private final CudaMachine machine;
    private final RecordedGraph graph;
    private final Blocks memory;
    private boolean closed;

    private CudaGraph(CudaMachine machine, RecordedGraph graph, Blocks memory) {
        this.machine = machine;
        this.graph = graph;
        this.memory = memory;
    }

    static CudaGraph capture(CudaMachine machine, Runnable work) {
        machine.context().synchronize(); // refuses a capture within a capture
        Blocks memory = machine.memory().beginCapture();
        machine.ids().capturing(true);
        boolean captured = false;
        try {
            CudaGraph graph = new CudaGraph(machine, machine.context().capture(work), memory);
            captured = true;
            return graph;
        } finally {
            machine.ids().capturing(false);
            machine.memory().endCapture();
            if (!captured) {
                machine.chain().drop();
                machine.memory().forget(memory);
            }
        }
    }

    /** Enqueues all of the recorded work. What goes wrong in it is thrown at the next read. */
    public void replay() {
        if (closed) {
            throw new IllegalStateException("the graph was closed");
        }
        machine.context().launch(graph);
        machine.ids().replayed();
    }

    /** Waits for what runs, and gives the graph's memory back. Harmless twice. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            machine.context().release(graph);
            machine.memory().forget(memory);
        }
    }
}
