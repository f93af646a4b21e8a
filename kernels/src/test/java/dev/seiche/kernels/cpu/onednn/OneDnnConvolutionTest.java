package dev.seiche.kernels.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.seiche.kernels.cpu.WorkerPool;
import dev.seiche.tensor.op.ConvGeometry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OneDnnConvolutionTest {
    @Provide
    Arbitrary<ConvShape> shapes() {
        Arbitrary<Integer> few = Arbitraries.of(1, 2, 3);
        Arbitrary<Integer> pads = Arbitraries.of(0, 1, 2);
        Arbitrary<Integer> groups = Arbitraries.of(1, 1, 2, 4);
        Arbitrary<ConvGeometry> windows = Combinators.combine(few, few, pads, pads, pads, pads, few, groups)
                .as((strideH, strideW, top, bottom, left, right, dilation, g) ->
                        new ConvGeometry(strideH, strideW, top, bottom, left, right, dilation, 4 - dilation, g));
        Arbitrary<Integer> images = Arbitraries.integers().between(1, 9);
        Arbitrary<Integer> channels = Arbitraries.of(1, 2, 3, 4, 8, 16, 17);
        return Combinators.combine(Arbitraries.of(0, 1, 2, 5), images, images, few, few, channels, channels, windows)
                .as((b, h, w, kh, kw, c, o, g) -> fitting(b, h, w, kh, kw, c, o, g));
    }

    /** The image made large enough for the window, the channels multiples of the groups. */
    private static ConvShape fitting(int b, int h, int w, int kh, int kw, int c, int o, ConvGeometry g) {
        int height = Math.max(h, g.dilationH() * (kh - 1) + 1 - g.padTop() - g.padBottom());
        int width = Math.max(w, g.dilationW() * (kw - 1) + 1 - g.padLeft() - g.padRight());
        return new ConvShape(b, height, width, c * g.groups(), kh, kw, o * g.groups(), g);
    }

    /** Cut into parts of the batch of one and of two sizes, into cuts of filters, and into products of shifted maps. */
    @Provide
    Arbitrary<ConvShape> cutShapes() {
        ConvGeometry same = ConvGeometry.of(1, 1);
        return Arbitraries.of(
                new ConvShape(16, 16, 16, 32, 3, 3, 32, same),
                new ConvShape(13, 17, 15, 24, 3, 3, 40, ConvGeometry.of(2, 1)),
                new ConvShape(21, 12, 12, 16, 5, 5, 20, ConvGeometry.of(1, 2)),
                new ConvShape(6, 4, 4, 128, 3, 3, 256, same),
                new ConvShape(16, 4, 4, 128, 3, 3, 512, same),
                new ConvShape(17, 3, 4, 190, 3, 2, 130, new ConvGeometry(1, 1, 1, 0, 0, 2, 1, 1, 1)),
                new ConvShape(16, 2, 5, 128, 3, 5, 128, new ConvGeometry(1, 1, 4, 3, 6, 2, 2, 1, 1)),
                new ConvShape(16, 8, 8, 128, 2, 3, 140, ConvGeometry.of(1, 1)),
                new ConvShape(19, 14, 13, 3, 3, 3, 40, same),
                new ConvShape(5, 40, 31, 4, 5, 7, 24, new ConvGeometry(3, 2, 4, 0, 9, 1, 1, 2, 1)),
                new ConvShape(40, 9, 9, 64, 1, 1, 128, ConvGeometry.of(2, 0)),
                new ConvShape(11, 16, 16, 32, 3, 3, 64, same.withGroups(8)));
    }

    @Property(tries = 100)
    void allDirectionsEqualDirectLoopsUpToRounding(@ForAll("shapes") ConvShape shape, @ForAll long seed) {
        equalsDirectLoopsWithTheSameBits(shape, seed);
    }

    @Property(tries = 12)
    void convolutionsThatAreCutHaveTheSameBitsForAllThreadCounts(
            @ForAll("cutShapes") ConvShape shape, @ForAll long seed) {
        equalsDirectLoopsWithTheSameBits(shape, seed);
    }

    private static void equalsDirectLoopsWithTheSameBits(ConvShape shape, long seed) {
        for (ConvPlan.Direction direction : ConvPlan.Direction.values()) {
            List<MemorySegment> results = new ArrayList<>();
            try (Arena arena = Arena.ofShared()) {
                NaiveConvolution naive = new NaiveConvolution(shape, seed, arena);
                OpenOneDnn.ofProperty().forEachThreadCount((threads, oneDnn) -> {
                    for (int again = 0; again < 2; again++) { // the second call finds its plan and buffers
                        MemorySegment result = naive.result(direction, arena);
                        naive.run(oneDnn, direction, result);
                        results.add(result);
                        assertThat(results.getFirst().mismatch(result))
                                .as("first byte that differs with %d threads: %s %s", threads, direction, shape)
                                .isEqualTo(-1);
                    }
                });
                if (!results.isEmpty()) {
                    assertThat(naive.worstError(direction, results.getFirst()))
                            .as("error over bound: %s %s", direction, shape)
                            .isLessThanOrEqualTo(1);
                }
            }
        }
    }

    /** A thread that native code starts has the name of the one that started it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void openMpStartsNoThreads() throws InterruptedException {
        List<Long> counts = new ArrayList<>();
        Thread probe = Thread.ofPlatform().name("openmp-probe").start(() -> {
            try (WorkerPool pool = new WorkerPool(1);
                    Arena arena = Arena.ofShared()) {
                OneDnn.open(pool).library().ifPresent(oneDnn -> {
                    ConvShape shape = new ConvShape(8, 16, 16, 32, 3, 3, 64, ConvGeometry.of(1, 1));
                    NaiveConvolution naive = new NaiveConvolution(shape, 0, arena);
                    for (ConvPlan.Direction direction : ConvPlan.Direction.values()) {
                        naive.run(oneDnn, direction, naive.result(direction, arena));
                    }
                    oneDnn.close();
                });
                counts.add(threadsNamed("openmp-probe"));
            }
        });
        probe.join();
        assertThat(counts).containsExactly(1L);
    }

    private static long threadsNamed(String name) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (IOException ended) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void plansAreBoundedAndAClosedLibrarySaysSo() {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            OneDnn.open(pool).library().ifPresent(oneDnn -> {
                for (int size = 1; size <= 300; size++) { // more than are kept
                    ConvShape shape = new ConvShape(1, 1, size, 1, 1, 1, 1, ConvGeometry.of(1, 0));
                    NaiveConvolution naive = new NaiveConvolution(shape, size, arena);
                    MemorySegment y = naive.result(ConvPlan.Direction.FORWARD, arena);
                    naive.run(oneDnn, ConvPlan.Direction.FORWARD, y);
                    assertThat(naive.worstError(ConvPlan.Direction.FORWARD, y)).isLessThanOrEqualTo(1);
                }
                oneDnn.close();
                oneDnn.close();
                ConvShape one = new ConvShape(1, 1, 1, 1, 1, 1, 1, ConvGeometry.of(1, 0));
                NaiveConvolution naive = new NaiveConvolution(one, 0, arena);
                assertThatIllegalStateException()
                        .isThrownBy(() -> naive.run(oneDnn, ConvPlan.Direction.FORWARD, naive.dy))
                        .withMessage("oneDNN: closed");
            });
        }
    }

    @Test
    void operandsThatDoNotFitAreNamed() {
        ConvGeometry same = ConvGeometry.of(1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvShape(1, 4, 4, 3, 3, 3, 8, same.withGroups(2)))
                .withMessage("convolution: 3 channels and 8 filters do not both divide into 2 groups");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConvShape(1, 4, 4, 3, 7, 7, 8, same))
                .withMessageContaining("a kernel of 7x7 does not fit into 4x4");
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            OneDnn.open(pool).library().ifPresent(oneDnn -> {
                ConvShape shape = new ConvShape(1, 4, 4, 3, 3, 3, 8, same);
                NaiveConvolution naive = new NaiveConvolution(shape, 0, arena);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> oneDnn.convolution(shape, naive.x, naive.w.asSlice(4), naive.dy))
                        .withMessageStartingWith("convolution: w is too short: it has 860 bytes and needs 864");
                oneDnn.close();
            });
        }
    }
}
