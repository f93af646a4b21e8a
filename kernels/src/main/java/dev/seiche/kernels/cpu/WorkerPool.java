package dev.seiche.kernels.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that share the chunks of one kernel at a time; the calling thread works too. Who computes a chunk is
 * left to chance, so a kernel has the same bits for every thread count exactly when its chunks depend on sizes alone
 * and write to disjoint places: make the count with {@link #chunks}, never from {@link #threads}.
 *
 * <p>There is no nested parallelism: a {@link #run} inside a chunk, or while another thread has the pool, does all its
 * chunks on the calling thread. Safe for use by several threads. Idle threads spin for some microseconds, so that the
 * next kernel of a training step finds them awake, and then sleep.
 */
public final class WorkerPool implements AutoCloseable {
    /**
     * How long an idle thread looks for work before it sleeps. Kernels of a training step follow each other within a
     * few microseconds; waking a sleeping thread costs 5 to 50.
     */
    private static final long SPIN_NANOS = 50_000;

    private static final int SPINS_BETWEEN_CLOCK_READS = 32;

    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile List<Worker> workers = List.of();
    private volatile @Nullable Job job;
    private volatile int threads = 1;
    private volatile boolean closed;

    /** @param threads threads that share the work, the caller included, at least 1 */
    public WorkerPool(int threads) {
        resize(threads);
    }

    /** Threads that share the work, the caller included. */
    public int threads() {
        return threads;
    }

    /**
     * How many chunks work of this size is cut into: one for each whole {@code perChunk}, between 1 and {@code most}.
     * A function of its arguments alone.
     *
     * @param work size of the whole, in any unit, not negative
     * @param perChunk size in the same unit that is worth handing to another thread, at least 1
     * @param most bound, at least 1
     */
    public static int chunks(long work, long perChunk, int most) {
        return Math.clamp(work / perChunk, 1, most);
    }

    /** Where chunk {@code i} of {@code chunks} begins when {@code size} items are cut evenly; chunk i ends at i + 1. */
    public static long chunkStart(long size, int chunks, int i) {
        long whole = size / chunks;
        return whole * i + Math.min(i, size % chunks);
    }

    /**
     * Changes how many threads share the work. Waits for nothing: the pool must be idle.
     *
     * @throws IllegalStateException while a kernel runs
     */
    public void resize(int newThreads) {
        if (newThreads < 1) {
            throw new IllegalArgumentException("worker pool: threads must be at least 1, got " + newThreads);
        }
        if (!taken.compareAndSet(false, true)) {
            throw new IllegalStateException("worker pool: cannot change to " + newThreads + " threads while one runs");
        }
        try {
            requireOpen();
            List<Worker> crew = new ArrayList<>(workers);
            while (crew.size() > newThreads - 1) {
                crew.removeLast().end();
            }
            while (crew.size() < newThreads - 1) {
                crew.add(new Worker(crew.size() + 1));
            }
            workers = List.copyOf(crew);
            threads = newThreads;
        } finally {
            taken.set(false);
        }
    }

    /**
     * Runs {@code task} for 0 .. chunks - 1, each once, in no order, and returns when all are done. What the chunks
     * wrote is visible to the caller.
     *
     * <p>When a chunk throws, chunks not yet begun are left out and the first failure is thrown here; it may carry the
     * stack of another thread.
     */
    public void run(int chunks, IntConsumer task) {
        requireOpen();
        if (chunks <= 1 || threads == 1 || !taken.compareAndSet(false, true)) {
            for (int i = 0; i < chunks; i++) {
                task.accept(i);
            }
            return;
        }
        try {
            Job shared = new Job(chunks, task, Thread.currentThread());
            job = shared;
            workers.forEach(Worker::wake);
            shared.work();
            shared.awaitEnd();
            job = null;
            shared.rethrow();
        } finally {
            taken.set(false);
        }
    }

    /** Ends the threads and waits for them; a kernel still running is finished by its caller. Closing twice is allowed. */
    @Override
    public void close() {
        closed = true;
        workers.forEach(Worker::end);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("worker pool: closed");
        }
    }

    /** One call of {@link #run}. Chunks are handed out by a counter; the last one done wakes the caller. */
    private static final class Job {
        private final int chunks;
        private final IntConsumer task;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Job(int chunks, IntConsumer task, Thread caller) {
            this.chunks = chunks;
            this.task = task;
            this.caller = caller;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        task.accept(i);
                    }
                } catch (Throwable thrown) { // whatever it is, the caller gets it
                    fail(thrown);
                } finally {
                    if (done.incrementAndGet() == chunks && Thread.currentThread() != caller) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        private synchronized void fail(Throwable thrown) {
            if (failure == null) {
                failure = thrown;
            }
        }

        void awaitEnd() {
            Spin spin = new Spin();
            while (done.get() < chunks) {
                if (!spin.again()) {
                    LockSupport.park(this);
                }
            }
        }

        void rethrow() {
            Throwable thrown = failure;
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw new IllegalStateException("worker pool: a chunk threw a checked exception", thrown);
            }
        }
    }

    /** Counts off the time that a thread may look for work without sleeping. */
    private static final class Spin {
        private final long start = System.nanoTime();
        private int spins;

        /** Pauses for a moment; false when the time is up. */
        boolean again() {
            Thread.onSpinWait();
            return ++spins % SPINS_BETWEEN_CLOCK_READS != 0 || System.nanoTime() - start < SPIN_NANOS;
        }
    }

    private final class Worker implements Runnable {
        private final Thread thread;
        private volatile boolean sleeping;
        private volatile boolean ended;

        Worker(int number) {
            thread = Thread.ofPlatform().daemon().name("seiche-cpu-" + number).start(this);
        }

        /** After the job is published: whoever is asleep by now would not see it. */
        void wake() {
            if (sleeping) {
                LockSupport.unpark(thread);
            }
        }

        void end() {
            ended = true;
            LockSupport.unpark(thread);
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            Job last = null;
            while (true) {
                Job found = next(last);
                if (found == null) {
                    return;
                }
                found.work();
                last = found;
            }
        }

        /** The next job after {@code last}, or null at the end. Sleeps after a while. */
        private @Nullable Job next(@Nullable Job last) {
            Spin spin = new Spin();
            while (!ended) {
                Job found = job;
                if (found != null && found != last) {
                    return found;
                }
                if (!spin.again()) {
                    sleep(last);
                    spin = new Spin();
                }
            }
            return null;
        }

        private void sleep(@Nullable Job last) {
            sleeping = true;
            Job found = job;
            if (!ended && (found == null || found == last)) {
                LockSupport.park(WorkerPool.this);
                Thread.interrupted(); // nobody's request reaches these threads; a set flag would keep them awake
            }
            sleeping = false;
        }
    }
}
