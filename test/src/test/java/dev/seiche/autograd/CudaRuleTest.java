package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Samples.Sample;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.EmulatedDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives on the CUDA backend: rules use ops alone, so what is forward on a device is backward on it too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaRuleTest {
    /**
     * Relative to the largest element, at least 1: the same f64 sums in another order, of up to some 1000 terms, through a
     * function and its derivative.
     */
    private static final double TOLERANCE = 1e-12;

    private final CpuBackend cpu = CpuBackend.open();
    private CudaBackend cuda;

    @BeforeAll
    void open() {
        cuda = CudaBackend.open(EmulatedDevice.options());
    }

    @AfterAll
    void close() {
        cpu.close();
        if (cuda != null) {
            cuda.close();
        }
    }

    static Stream<Sample> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void gradientsAreThoseOfTheCpu(Sample sample) {
        List<double[]> expected = gradients(cpu, sample);
        List<double[]> actual = gradients(cuda, sample);
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

    private static List<double[]> gradients(Backend backend, Sample sample) {
        List<double[]> out = new ArrayList<>();
        try (Scope scope = Scope.root(backend, "test")) {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            List<Tensor> in = sample.tensors(scope);
            List<Var<Tensor>> vars = new ArrayList<>();
            for (int i = 0; i < in.size(); i++) {
                vars.add(sample.moving().contains(i) ? tape.watch(in.get(i)) : tape.constant(in.get(i)));
            }
            Gradients<Tensor> gradients = tape.backward(tape.sum(tape.tanh(tape.apply(sample.op(), vars))));
            sample.moving().forEach(i -> out.add(gradients.of(vars.get(i)).toDoubles()));
        }
        assertThat(backend.liveBytes()).isZero();
        return out;
    }
}
