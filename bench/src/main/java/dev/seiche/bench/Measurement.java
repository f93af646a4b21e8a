package dev.seiche.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What JMH forks a process for: some tasks in one framework with one number of threads. Iterations take the tasks in turn,
 * so that starting a framework is paid once. Every run is timed by itself, so that medians can be taken: on a machine that
 * does other things too, means mean little.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class Measurement {
    /** {@link Framework#name}. */
    @Param("seiche")
    public String framework = "";

    /** {@link Task#name}, several with commas between. */
    @Param("mlp-step")
    public String tasks = "";

    /** Threads that the framework may use. */
    @Param("1")
    public int threads;

    private final List<Work> works = new ArrayList<>();
    private @Nullable Session session;
    private @Nullable Work current;
    private int iterations;

    /** Opens the framework and makes the tasks ready. */
    @Setup
    public void open() {
        session = Framework.named(framework).open(threads);
        for (String task : tasks.split(",")) {
            works.add(Catalogue.named(task).in(session));
        }
    }

    /** Turns to the next task. */
    @Setup(Level.Iteration)
    public void next() {
        current = works.get(iterations++ % works.size());
    }

    /** Runs the task once. */
    @Benchmark
    public Object run() {
        return Objects.requireNonNull(current).run();
    }

    /** Closes all that was opened. */
    @TearDown
    public void close() {
        works.forEach(Work::close);
        Objects.requireNonNull(session).close();
    }
}
