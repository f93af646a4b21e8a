package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.KernelSources;
import dev.seiche.nn.MultiTensorCases;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.emulator.EmulatedMode;
import dev.seiche.testkit.emulator.LaunchCount;
import dev.seiche.testkit.emulator.LaunchCount.Pass;
import dev.seiche.testkit.spec.OpSpecs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every op with every access to memory looked at, on the small and ragged shapes of its spec: nothing is out of bounds,
 * unset, misaligned or raced for, and the order in which threads run changes no bit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LaunchCount.OfTheBuild.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CheckedOpsTest {
    private static final int CASES = 3;

    private final List<Map<EmulatedMode, CudaBackend>> versions = new ArrayList<>();

    /** By the number of products on tensor cores that make up one: 1 and 3. */
    private final List<Map<EmulatedMode, CudaBackend>> tensorCores = new ArrayList<>();

    @BeforeAll
    void open() {
        for (int newest : List.of(1, 2, Integer.MAX_VALUE)) {
            versions.add(inAllModes(options -> options.withNewestVersion(newest)));
        }
        for (int products : List.of(1, 3)) {
            tensorCores.add(inAllModes(options -> options.withTf32(products)));
        }
    }

    private static Map<EmulatedMode, CudaBackend> inAllModes(UnaryOperator<CudaOptions> with) {
        Map<EmulatedMode, CudaBackend> modes = new EnumMap<>(EmulatedMode.class);
        for (EmulatedMode mode : EmulatedMode.values()) {
            modes.put(mode, CudaBackend.open(with.apply(EmulatedDevice.options(mode))));
        }
        return modes;
    }

    private Stream<Map<EmulatedMode, CudaBackend>> all() {
        return Stream.concat(versions.stream(), tensorCores.stream());
    }

    @AfterAll
    void close(LaunchCount count) {
        all().forEach(modes -> modes.forEach((mode, backend) -> count.add(mode, Pass.FORWARD, backend.launched())));
        all().forEach(modes -> modes.values().forEach(CudaBackend::close));
    }

    static Stream<OpSpec<?>> specs() {
        return Stream.of(OpSpecs.all().stream(), CudaParityTest.large(), CudaParityTest.chosen())
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Order(1)
    void nothingIsWrongAndNoOrderOfThreadsChangesABit(OpSpec<?> spec) {
        for (long seed = 0; seed < CASES; seed++) {
            OpCase c = spec.draw(seed);
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                versions.forEach(modes -> assertNoOrderChangesABit(modes, c, dtype));
            }
        }
    }

    private static void assertNoOrderChangesABit(Map<EmulatedMode, CudaBackend> modes, OpCase c, DType dtype) {
        // fast and checked kernels are compiled differently: products are fused with sums in other places
        assertThat(compute(modes, EmulatedMode.FAST_REVERSE, c, dtype))
                .as(c.repro())
                .isEqualTo(compute(modes, EmulatedMode.FAST, c, dtype));
        assertThat(compute(modes, EmulatedMode.CHECKED_REVERSE, c, dtype))
                .as(c.repro())
                .isEqualTo(compute(modes, EmulatedMode.CHECKED, c, dtype));
    }

    @ParameterizedTest
    @MethodSource("dev.seiche.cuda.CudaParityTest#productsInAllLayouts")
    @Order(1)
    void nothingIsWrongOnTensorCores(OpCase c) {
        tensorCores.forEach(modes -> assertNoOrderChangesABit(modes, c, DType.F32));
    }

    @Test
    @Order(1)
    void nothingIsWrongWithIntegersCastsAndDraws() {
        versions.forEach(modes -> modes.values().forEach(ExactCases::comeOut));
    }

    @Test
    @Order(1)
    void nothingIsWrongInListsOfTensors() {
        Map<EmulatedMode, CudaBackend> modes = versions.get(0);
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            assertSame(modes, EmulatedMode.FAST, EmulatedMode.FAST_REVERSE, dtype);
            assertSame(modes, EmulatedMode.CHECKED, EmulatedMode.CHECKED_REVERSE, dtype);
        }
    }

    /** Runs last: every kernel that is shipped was looked at by a test of this class. */
    @Test
    @Order(2)
    void noKernelWasLeftOut() {
        Set<String> left = new TreeSet<>(KernelSources.read().kernels().keySet());
        all().forEach(modes -> left.removeAll(Objects.requireNonNull(modes.get(EmulatedMode.CHECKED))
                .launched()
                .keySet()));
        assertThat(left).as("kernels that no test ran checked").isEmpty();
    }

    private static void assertSame(
            Map<EmulatedMode, CudaBackend> modes, EmulatedMode forward, EmulatedMode reverse, DType dtype) {
        List<double[]> expected =
                MultiTensorCases.results(Objects.requireNonNull(modes.get(forward)), MultiTensorCases.few(), dtype);
        List<double[]> results =
                MultiTensorCases.results(Objects.requireNonNull(modes.get(reverse)), MultiTensorCases.few(), dtype);
        for (int k = 0; k < expected.size(); k++) {
            assertThat(results.get(k)).isEqualTo(expected.get(k));
        }
    }

    private static double[] compute(Map<EmulatedMode, CudaBackend> modes, EmulatedMode mode, OpCase c, DType dtype) {
        CudaBackend backend = Objects.requireNonNull(modes.get(mode));
        try (Scope scope = Scope.root(backend, "test")) {
            return scope.ops().apply(c.op(), c.tensors(scope, dtype)).toDoubles();
        }
    }
}
