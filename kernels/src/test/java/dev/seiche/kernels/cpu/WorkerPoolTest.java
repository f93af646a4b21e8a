package dev.seiche.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    @Property(tries = 200)
    void everyChunkRunsOnce(@ForAll @IntRange(min = 1, max = 4) int threads, @ForAll @IntRange(max = 50) int chunks) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int round = 0; round < 20; round++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
                pool.run(chunks, runs::incrementAndGet);
                for (int i = 0; i < chunks; i++) {
                    assertThat(runs.get(i)).as("chunk %d of %d", i, chunks).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void theCallerAndAWorkerShareTheChunks() {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch bothAreIn = new CountDownLatch(2);
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            pool.run(2, i -> {
                seen.add(Thread.currentThread());
                bothAreIn.countDown();
                awaitUninterrupted(bothAreIn); // neither chunk ends before the other has begun
            });
            assertThat(seen).hasSize(2).contains(Thread.currentThread());
        }
    }

    @Test
    void aSleepingWorkerIsWoken() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            for (int round = 0; round < 20; round++) {
                Thread.sleep(2); // longer than workers spin
                theCallerAndAWorkerMeet(pool);
            }
        }
    }

    private static void theCallerAndAWorkerMeet(WorkerPool pool) {
        CountDownLatch bothAreIn = new CountDownLatch(2);
        pool.run(2, i -> {
            bothAreIn.countDown();
            awaitUninterrupted(bothAreIn);
        });
    }

    @Test
    void aRunInsideAChunkStaysOnItsThread() {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicInteger inner = new AtomicInteger();
            pool.run(4, i -> {
                Thread outer = Thread.currentThread();
                pool.run(5, j -> {
                    assertThat(Thread.currentThread()).isSameAs(outer);
                    inner.incrementAndGet();
                });
            });
            assertThat(inner).hasValue(20);
        }
    }

    @Test
    void twoCallersAtOnceAreBothServed() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicInteger sum = new AtomicInteger();
            Runnable caller = () -> IntStream.range(0, 500).forEach(round -> pool.run(8, sum::addAndGet));
            Thread other = Thread.ofPlatform().start(caller);
            caller.run();
            other.join();
            assertThat(sum).hasValue(2 * 500 * 28);
        }
    }

    @Test
    void theFirstFailureReachesTheCallerAndThePoolWorksOn() {
        try (WorkerPool pool = new WorkerPool(2)) {
            assertThatThrownBy(() -> pool.run(100, i -> {
                        if (i == 7) {
                            throw new ArithmeticException("chunk 7");
                        }
                    }))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("chunk 7");
            assertThatThrownBy(() -> pool.run(3, i -> {
                        throw new StackOverflowError("chunk");
                    }))
                    .isInstanceOf(StackOverflowError.class);
            theCallerAndAWorkerMeet(pool);
        }
    }

    @Test
    void anInterruptedCallerStillGetsItsResultAndKeepsTheInterrupt() {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicInteger done = new AtomicInteger();
            Thread.currentThread().interrupt();
            pool.run(50, i -> done.incrementAndGet());
            assertThat(done).hasValue(50);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void threadsCanBeAddedAndTakenAway() {
        try (WorkerPool pool = new WorkerPool(1)) {
            assertThat(poolThreads(pool)).isEmpty();
            pool.resize(3);
            assertThat(pool.threads()).isEqualTo(3);
            theCallerAndAWorkerMeet(pool);
            pool.resize(1);
            assertThat(pool.threads()).isEqualTo(1);
            Thread caller = Thread.currentThread();
            pool.run(10, i -> assertThat(Thread.currentThread()).isSameAs(caller));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pool.resize(0))
                    .withMessage("worker pool: threads must be at least 1, got 0");
        }
    }

    @Test
    void closeEndsTheThreads() {
        WorkerPool pool = new WorkerPool(2);
        Set<Thread> workers = poolThreads(pool);
        assertThat(workers).hasSize(1);
        pool.close();
        pool.close();
        assertThat(workers).noneMatch(Thread::isAlive);
        assertThatIllegalStateException().isThrownBy(() -> pool.run(2, i -> {})).withMessage("worker pool: closed");
    }

    /** Threads other than the caller's that run chunks. */
    private static Set<Thread> poolThreads(WorkerPool pool) {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch allAreIn = new CountDownLatch(pool.threads());
        pool.run(pool.threads(), i -> {
            seen.add(Thread.currentThread());
            allAreIn.countDown();
            awaitUninterrupted(allAreIn);
        });
        seen.remove(Thread.currentThread());
        return seen;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Property
    void chunksCoverTheWholeEvenly(
            @ForAll @LongRange(max = 1L << 40) long size, @ForAll @IntRange(min = 1, max = 100) int chunks) {
        assertThat(WorkerPool.chunkStart(size, chunks, 0)).isZero();
        assertThat(WorkerPool.chunkStart(size, chunks, chunks)).isEqualTo(size);
        for (int i = 0; i < chunks; i++) {
            long length = WorkerPool.chunkStart(size, chunks, i + 1) - WorkerPool.chunkStart(size, chunks, i);
            assertThat(length).isBetween(size / chunks, size / chunks + 1);
        }
    }

    @Test
    void workIsCutIntoOneChunkForEachWholeShare() {
        assertThat(WorkerPool.chunks(0, 10, 8)).isEqualTo(1);
        assertThat(WorkerPool.chunks(19, 10, 8)).isEqualTo(1);
        assertThat(WorkerPool.chunks(20, 10, 8)).isEqualTo(2);
        assertThat(WorkerPool.chunks(Long.MAX_VALUE, 1, 8)).isEqualTo(8);
    }
}
