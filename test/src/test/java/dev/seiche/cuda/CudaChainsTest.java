package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaGraph;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Shift;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.emulator.EmulatedMode;
import dev.seiche.testkit.emulator.LaunchCount;
import dev.seiche.testkit.emulator.LaunchCount.Pass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains of elementwise ops as one kernel compute what the ops compute one by one, bit for bit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LaunchCount.OfTheBuild.class)
class CudaChainsTest {
    /** How often a chain is asked for until it has a kernel. */
    private static final int TIMES = 3;

    private final Map<EmulatedMode, CudaBackend> modes = new EnumMap<>(EmulatedMode.class);

    @BeforeAll
    void open() {
        EmulatedDevice.fastAndChecked().forEach((mode, options) -> modes.put(mode, CudaBackend.open(options)));
    }

    @AfterAll
    void close(LaunchCount count) {
        modes.forEach((mode, backend) -> count.add(mode, Pass.FORWARD, backend.launched()));
        modes.values().forEach(CudaBackend::close);
    }

    private static <R> R in(CudaBackend backend, Function<Scope, R> body) {
        R result;
        try (Scope scope = Scope.root(backend, "test")) {
            result = body.apply(scope);
        }
        assertThat(backend.liveBytes()).isZero();
        return result;
    }

    private static Set<String> chains(CudaBackend backend) {
        Set<String> chains = new TreeSet<>(backend.launched().keySet());
        chains.removeIf(kernel -> !kernel.startsWith("chain_"));
        return chains;
    }

    private static long launches(CudaBackend backend) {
        return backend.launched().values().stream().mapToLong(count -> count).sum();
    }

    /** The first seed with every access looked at too. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void randomProgramsHaveTheBitsOfOpsOneByOne(DType dtype) {
        for (long seed = 1; seed <= Integer.getInteger("seiche.test.chains", 2); seed++) {
            List<double[]> expected;
            try (CudaBackend plain = CudaBackend.open(EmulatedDevice.options().withFuse(false))) {
                long each = seed;
                expected = in(plain, scope -> RandomOps.run(scope, dtype, each));
                assertThat(chains(plain)).isEmpty();
            }
            assertThat(expected).allSatisfy(values -> assertThat(values).doesNotContain(Double.NaN));
            List<Set<String>> chains = new ArrayList<>();
            for (Map.Entry<EmulatedMode, CudaBackend> mode : modes.entrySet()) {
                if (mode.getKey() == EmulatedMode.FAST || seed == 1) {
                    chains.add(assertBits(mode.getValue(), dtype, seed, expected));
                }
            }
            assertThat(chains).allSatisfy(each -> assertThat(each).isNotEmpty().isEqualTo(chains.get(0)));
        }
    }

    /** Returns the chains that have got kernels. */
    private static Set<String> assertBits(CudaBackend backend, DType dtype, long seed, List<double[]> expected) {
        Set<String> before = chains(backend);
        for (int time = 1; time <= TIMES + 1; time++) {
            List<double[]> results = in(backend, scope -> RandomOps.run(scope, dtype, seed));
            assertThat(results).hasSameSizeAs(expected);
            for (int k = 0; k < expected.size(); k++) {
                assertThat(results.get(k)).as("seed %d, result %d", seed, k).isEqualTo(expected.get(k));
            }
        }
        Set<String> made = chains(backend);
        made.removeAll(before);
        return made;
    }

    @Test
    void readingAResultInAnotherOrderEndsItsChain() {
        modes.values().forEach(backend -> {
            for (int time = 0; time < TIMES; time++) {
                long before = launches(backend);
                in(backend, scope -> {
                    Tensor x = scope.tensor(DType.F32, Shape.of(2, 2), 1, 2, 3, 4);
                    Tensor y = scope.ops().scale(x, 10);
                    assertThat(scope.ops()
                                    .add(y, scope.ops().transpose(y, 1, 0))
                                    .toDoubles())
                            .containsExactly(20, 50, 50, 80);
                    return x;
                });
                assertThat(launches(backend) - before).isEqualTo(2);
            }
        });
    }

    @Test
    void overwritingWhatAnOpReadsInAnotherOrderEndsItsChain() {
        modes.values().forEach(backend -> {
            for (int time = 0; time < TIMES; time++) {
                long before = launches(backend);
                in(backend, scope -> {
                    Tensor x = scope.tensor(DType.F32, Shape.of(2, 2), 1, 2, 3, 4);
                    Tensor first = scope.ops().slice(x, 0, 0, 1);
                    Tensor y = scope.ops().add(scope.tensor(DType.F32, Shape.of(2, 2), 0, 0, 0, 10), first);
                    scope.ops().applyInto(new Scale(100), List.of(x), x);
                    assertThat(y.toDoubles()).containsExactly(1, 2, 1, 12);
                    assertThat(x.toDoubles()).containsExactly(100, 200, 300, 400);
                    return x;
                });
                assertThat(launches(backend) - before).isEqualTo(2);
            }
        });
    }

    @Test
    void overwritingPartOfAResultEndsItsChain() {
        modes.values().forEach(backend -> {
            for (int time = 0; time < TIMES; time++) {
                long before = launches(backend);
                in(backend, scope -> {
                    Tensor x = scope.tensor(DType.F32, Shape.of(2), 1, 2);
                    Tensor y = scope.tensor(DType.F32, Shape.of(3), 0, 0, 0);
                    scope.ops().applyInto(new Scale(10), List.of(x), scope.ops().slice(y, 0, 0, 2));
                    scope.ops().applyInto(new Scale(-1), List.of(x), scope.ops().slice(y, 0, 1, 3));
                    assertThat(y.toDoubles()).containsExactly(10, -1, -2);
                    return y;
                });
                assertThat(launches(backend) - before).isEqualTo(2);
            }
        });
    }

    @Test
    void whatCannotBeReadAnyMoreIsNotWritten() {
        modes.values().forEach(backend -> {
            Set<String> before = chains(backend);
            for (int time = 0; time < TIMES; time++) {
                in(backend, scope -> {
                    Tensor y = scope.tensor(DType.F64, Shape.of(2), 1, 2);
                    try (Scope step = scope.child("step")) {
                        Tensor x = step.tensor(DType.F64, Shape.of(2), 3, 4);
                        scope.ops().applyInto(new Shift(1), List.of(step.ops().square(x)), y);
                        step.ops().neg(y); // for nobody
                    }
                    assertThat(y.toDoubles()).containsExactly(10, 17);
                    return y;
                });
            }
            Set<String> now = chains(backend);
            now.removeAll(before);
            assertThat(now).singleElement().asString().startsWith("chain_f64_Mul_Shift_in1_by0_out1_");
        });
    }

    @Test
    void aGraphHoldsItsChainsAsOneLaunchEach() {
        CudaBackend backend = modes.values().iterator().next();
        Set<String> before = chains(backend);
        in(backend, scope -> {
            Tensor x = scope.tensor(DType.F32, Shape.of(3), 1, 2, 3);
            Runnable step = () -> {
                try (Scope inner = scope.child("step")) {
                    inner.ops().applyInto(new Shift(1), List.of(inner.ops().scale(x, 2)), x);
                }
            };
            step.run();
            long launches = launches(backend);
            try (CudaGraph graph = backend.capture(step)) {
                assertThat(launches(backend)).isEqualTo(launches + 1);
                assertThat(x.toDoubles()).containsExactly(3, 5, 7);
                graph.replay();
                graph.replay();
                assertThat(x.toDoubles()).containsExactly(15, 23, 31);
            }
            return x;
        });
        assertThat(chains(backend)).hasSize(before.size() + 1);
    }

    @Test
    void whatAFailedCaptureAskedForIsNotDone() {
        CudaBackend backend = modes.values().iterator().next();
        in(backend, scope -> {
            Tensor x = scope.tensor(DType.F32, Shape.of(2), 1, 2);
            assertThatThrownBy(() -> backend.capture(() -> {
                                scope.ops().applyInto(new Scale(5), List.of(x), x);
                                throw new IllegalStateException("stop");
                            })
                            .close())
                    .hasMessage("stop");
            assertThat(x.toDoubles()).containsExactly(1, 2);
            return x;
        });
    }

    @Test
    void aChainIsDoneBeforeAnythingElseThatReadsOrWritesItsMemory() {
        modes.values()
                .forEach(backend -> in(backend, scope -> {
                    Tensor x = scope.tensor(DType.F32, Shape.of(2), 1, 2);
                    Tensor y = scope.ops().scale(x, 3);
                    scope.ops().applyInto(new Copy(), List.of(scope.tensor(DType.F32, Shape.of(2), 7, 8)), x);
                    assertThat(scope.ops().sum(y, 0).item()).isEqualTo(9);
                    Tensor z = scope.ops().neg(y);
                    scope.free(y);
                    Tensor written = scope.tensor(DType.F32, Shape.of(2), 5, 6); // where y was
                    assertThat(z.toDoubles()).containsExactly(-3, -6);
                    assertThat(written.toDoubles()).containsExactly(5, 6);
                    return x;
                }));
    }

    @Test
    void everyOpIsALaunchWhereChainsAreOffOrEveryLaunchIsWaitedFor() {
        for (var options : List.of(
                EmulatedDevice.options().withFuse(false),
                EmulatedDevice.options().withChecks(true))) {
            try (CudaBackend backend = CudaBackend.open(options)) {
                for (int time = 1; time <= TIMES; time++) {
                    in(backend, scope -> scope.ops().gelu(scope.tensor(DType.F32, Shape.of(1), 1)));
                    assertThat(launches(backend)).isEqualTo(5L * time);
                }
            }
        }
    }

    @Test
    void otherWordsThanOnAndOffAreRefused() {
        String before = System.setProperty("seiche.cuda.fuse", "perhaps");
        try {
            assertThatThrownBy(EmulatedDevice::options)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("-Dseiche.cuda.fuse is on or off, got 'perhaps'");
        } finally {
            if (before == null) {
                System.clearProperty("seiche.cuda.fuse");
            } else {
                System.setProperty("seiche.cuda.fuse", before);
            }
        }
    }
}
