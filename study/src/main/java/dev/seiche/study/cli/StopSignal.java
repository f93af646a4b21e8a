package dev.seiche.study.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop at the next step.
 *
 * <p>The system's request starts Java's shutdown; a hook there holds it up until the run has written how it ended, then
 * ends the process with the run's exit code.
 */
final class StopSignal implements AutoCloseable {
    /**
     * How long the run may take to come to its next step. After that the process ends all the same, and the run reads as
     * interrupted without a clean end.
     */
    private static final int PATIENCE_SECONDS = 60;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final AtomicInteger exitCode = new AtomicInteger(130);
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook;
    private boolean armed;

    StopSignal(Console console) {
        hook = new Thread(
                () -> {
                    requested.set(true);
                    console.err().println();
                    console.err().println("stopping after this step (at most " + PATIENCE_SECONDS + " s)");
                    try {
                        if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            console.err()
                                    .println("the step did not end; the run can be resumed from its last checkpoint");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    console.out().flush();
                    console.err().flush();
                    // The thread that ran the study waits in System.exit by now and must not be waited for.
                    Runtime.getRuntime().halt(exitCode.get());
                },
                "stop-signal");
    }

    /** From now on the process waits for {@link #finish} before it dies. */
    void arm() {
        Runtime.getRuntime().addShutdownHook(hook);
        armed = true;
    }

    /** Whether the system asked to stop. */
    boolean requested() {
        return requested.get();
    }

    /** Everything is written and said: a shutdown that waits may end, with this exit code. */
    void finish(int code) {
        exitCode.set(code);
        written.countDown();
    }

    @Override
    public void close() {
        written.countDown();
        if (!armed) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun, so the hook is at work.
        }
    }
}
