package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Samples.Sample;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.emulator.EmulatedMode;
import dev.seiche.testkit.emulator.LaunchCount;
import dev.seiche.testkit.emulator.LaunchCount.Pass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Derivatives on the CUDA backend, at full speed and with every access to memory looked at: rules use ops alone, so what is
 * forward on a device is backward on it too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LaunchCount.OfTheBuild.class)
class CudaRuleTest {
    /**
     * Relative to the largest element, at least 1: the same f64 sums in another order, of up to some 1000 terms, through a
     * function and its derivative.
     */
    private static final double TOLERANCE = 1e-12;

    private final CpuBackend cpu = CpuBackend.open();
    private final Map<EmulatedMode, CudaBackend> modes = new EnumMap<>(EmulatedMode.class);

    /** Launches after the forward pass. */
    private final Map<EmulatedMode, Map<String, Long>> backward = new EnumMap<>(EmulatedMode.class);

    @BeforeAll
    void open() {
        EmulatedDevice.fastAndChecked().forEach((mode, options) -> {
            modes.put(mode, CudaBackend.open(options));
            backward.put(mode, new HashMap<>());
        });
    }

    @AfterAll
    void close(LaunchCount count) {
        cpu.close();
        backward.forEach((mode, launches) -> count.add(mode, Pass.BACKWARD, launches));
        modes.values().forEach(CudaBackend::close);
    }

    static Stream<Sample> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void gradientsAreThoseOfTheCpu(Sample sample) {
        List<double[]> expected = gradients(cpu, sample, Map::of, launches -> {});
        modes.forEach((mode, cuda) -> {
            Map<String, Long> sum = Objects.requireNonNull(backward.get(mode));
            agree(sample, expected, gradients(cuda, sample, cuda::launched, launches -> {
                launches.forEach((kernel, count) -> sum.merge(kernel, count, Long::sum));
            }));
        });
    }

    private static void agree(Sample sample, List<double[]> expected, List<double[]> actual) {
        for (int k = 0; k < expected.size(); k++) {
            double scale = 1;
            for (double each : expected.get(k)) {
                scale = Math.max(scale, Math.abs(each));
            }
            assertThat(actual.get(k)).as("input %d of %s", k, sample).hasSameSizeAs(expected.get(k));
            for (int i = 0; i < expected.get(k).length; i++) {
                assertThat(Math.abs(actual.get(k)[i] - expected.get(k)[i]))
                        .as("element %d of input %d of %s", i, k, sample)
                        .isLessThanOrEqualTo(TOLERANCE * scale);
            }
        }
    }

    /**
     * @param launched how often each kernel was launched so far
     * @param backward told how often each was between the end of the forward and the end of the backward pass
     */
    private static List<double[]> gradients(
            Backend backend,
            Sample sample,
            Supplier<Map<String, Long>> launched,
            Consumer<Map<String, Long>> backward) {
        List<double[]> out = new ArrayList<>();
        try (Scope scope = Scope.root(backend, "test")) {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            List<Tensor> in = sample.tensors(scope);
            List<Var<Tensor>> vars = new ArrayList<>();
            for (int i = 0; i < in.size(); i++) {
                vars.add(sample.moving().contains(i) ? tape.watch(in.get(i)) : tape.constant(in.get(i)));
            }
            Var<Tensor> y = tape.sum(tape.tanh(tape.apply(sample.op(), vars)));
            Map<String, Long> before = launched.get();
            Gradients<Tensor> gradients = tape.backward(y);
            Map<String, Long> during = new HashMap<>();
            launched.get().forEach((kernel, count) -> {
                if (count > before.getOrDefault(kernel, 0L)) {
                    during.put(kernel, count - before.getOrDefault(kernel, 0L));
                }
            });
            backward.accept(during);
            sample.moving().forEach(i -> out.add(gradients.of(vars.get(i)).toDoubles()));
        }
        assertThat(backend.liveBytes()).isZero();
        return out;
    }
}
