package dev.seiche.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Dual;
import dev.seiche.autograd.DualNumber;
import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cpu.CpuOptions.Level;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.ReferenceCase;
import dev.seiche.testkit.Testbed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers, their gradients, and networks with their Hessian-vector products against values frozen from PyTorch in f64. */
class TorchReferenceTest {
    private static final List<CpuOptions> LEVELS = List.of(
            CpuOptions.defaults().withLevel(Level.REFERENCE),
            CpuOptions.defaults().withNativeCode(false),
            CpuOptions.defaults());

    static List<String> layers() {
        return ReferenceCase.names("torch").stream()
                .filter(name -> !networks().contains(name))
                .toList();
    }

    static List<String> networks() {
        return List.of("mlp_tanh", "cnn_batch_norm", "attention_block");
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layersAndTheirGradientsAreThoseOfPyTorch(String name) {
        ReferenceCase c = ReferenceCase.load("torch", name);
        for (CpuOptions options : LEVELS) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Testbed.run(() -> CpuBackend.open(options), scope -> {
                    Tape<Tensor> tape = new Tape<>(scope.ops());
                    Map<String, Var<Tensor>> in = new HashMap<>();
                    inputs(c, scope, dtype)
                            .forEach((key, value) ->
                                    in.put(key, c.has("grad." + key) ? tape.watch(value) : tape.constant(value)));
                    Var<Tensor> y = TorchLayers.layer(tape, c, in);
                    assertClose(y.value(), c, "out.y", dtype);
                    Gradients<Tensor> gradients = tape.backward(y, c.tensor(scope, dtype, "cotangent"));
                    in.forEach((key, value) -> {
                        if (c.has("grad." + key)) {
                            assertClose(gradients.of(value), c, "grad." + key, dtype);
                        }
                    });
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void networksTheirGradientsAndHessianProductsAreThoseOfPyTorch(String name) {
        ReferenceCase c = ReferenceCase.load("torch", name);
        for (CpuOptions options : LEVELS) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Testbed.run(() -> CpuBackend.open(options), scope -> {
                    Dual<Tensor> dual = new Dual<>(scope.ops());
                    Tape<DualNumber<Tensor>> tape = new Tape<>(dual);
                    Map<String, Var<DualNumber<Tensor>>> in = new HashMap<>();
                    inputs(c, scope, dtype).forEach((key, value) -> {
                        DualNumber<Tensor> number = c.has("v." + key)
                                ? dual.of(value, c.tensor(scope, dtype, "v." + key))
                                : dual.constant(value);
                        in.put(key, c.has("grad." + key) ? tape.watch(number) : tape.constant(number));
                    });
                    Var<DualNumber<Tensor>> loss = TorchLayers.loss(tape, c, in);
                    assertClose(loss.value().value(), c, "out.loss", dtype);
                    Gradients<DualNumber<Tensor>> gradients = tape.backward(loss);
                    in.forEach((key, value) -> {
                        if (c.has("grad." + key)) {
                            assertClose(gradients.of(value).value(), c, "grad." + key, dtype);
                        }
                        if (c.has("hvp." + key)) {
                            Tensor product = gradients.of(value).tangent();
                            assertClose(
                                    product == null
                                            ? scope.ops()
                                                    .zerosLike(value.value().value())
                                            : product,
                                    c,
                                    "hvp." + key,
                                    dtype);
                        }
                    });
                });
            }
        }
    }

    private static Map<String, Tensor> inputs(ReferenceCase c, Scope scope, DType dtype) {
        Map<String, Tensor> in = new HashMap<>();
        for (String array : c.arrays()) {
            if (array.startsWith("in.")) {
                in.put(array.substring(3), c.tensor(scope, dtype, array));
            }
        }
        return in;
    }

    private static void assertClose(Tensor actual, ReferenceCase c, String array, DType dtype) {
        assertThat(actual.shape()).as(c + " " + array).isEqualTo(c.shape(array));
        double[] got = actual.toDoubles();
        double[] expected = c.values(array);
        double scale = 0;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        // f64: both sides round a few hundred times at 2e-16; f32: the same at 1e-7, relative to the largest element
        double tolerance = (dtype == DType.F64 ? 1e-12 : 2e-5) * Math.max(scale, 1e-3);
        for (int i = 0; i < expected.length; i++) {
            assertThat(got[i]).as("%s %s[%d] %s", c, array, i, dtype).isCloseTo(expected[i], within(tolerance));
        }
    }
}
