package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.ReferenceCase;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of samples against values frozen from PyTorch, which computed them one sample after the other in f64. */
class TorchSampleGradientsTest {
    static List<String> cases() {
        return ReferenceCase.names("samples");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsNormsProductsAndGramAreThoseOfPyTorchsLoop(String name) {
        ReferenceCase c = ReferenceCase.load("samples", name);
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), scope -> check(c, scope, dtype));
        }
    }

    private static void check(ReferenceCase c, Scope scope, DType dtype) {
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Map<String, Var<Tensor>> in = new HashMap<>();
        List<String> names = new ArrayList<>();
        List<Var<Tensor>> leaves = new ArrayList<>();
        for (String array : c.arrays().stream().sorted().toList()) {
            if (array.startsWith("in.")) {
                String input = array.substring(3);
                Tensor value = c.tensor(scope, dtype, array);
                Var<Tensor> var = c.has("leaf." + input) ? tape.watch(value) : tape.constant(value);
                in.put(input, var);
                if (c.has("leaf." + input)) {
                    names.add(input);
                    leaves.add(var);
                }
            }
        }
        if (in.containsKey("ids")) {
            in.put("mask", tape.constant(causal(scope, dtype, c.shape("in.ids").dim(1))));
        }
        Var<Tensor> losses = TorchSampleModels.losses(tape, c, in);
        close(losses.value().toDoubles(), c.values("out.losses"), dtype, c + " losses");
        Coupling coupling = Coupling.valueOf(c.attribute("coupling").toUpperCase(Locale.ROOT));
        SampleGradients gradients = SampleGradients.of(tape, losses, leaves, coupling);
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            String array = "leaf." + names.get(leaf);
            Tensor rows = gradients.materialise(leaf, scope);
            assertThat(rows.shape()).isEqualTo(c.shape(array));
            close(rows.toDoubles(), c.values(array), dtype, c + " " + array);
        }
        List<Tensor> direction =
                names.stream().map(each -> c.tensor(scope, dtype, "v." + each)).toList();
        for (Route route : Route.values()) {
            SampleGradients asked = gradients.with(Planner.standard()
                    .with(Question.NORMS, route)
                    .with(Question.GRAM, route)
                    .with(Question.DOT, route));
            close(asked.norms(), c.values("out.norms"), dtype, c + " norms by " + route);
            close(asked.dot(direction), c.values("out.dot"), dtype, c + " dot by " + route);
            double[] gram = Arrays.stream(asked.gram().toArray())
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            close(gram, c.values("out.gram"), dtype, c + " gram by " + route);
        }
    }

    /** 0 at and below the diagonal, above it a number whose exponential is 0 in both types. */
    private static Tensor causal(Scope scope, DType dtype, int tokens) {
        double[] mask = new double[tokens * tokens];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % tokens > i / tokens ? -1e9 : 0;
        }
        return scope.tensor(dtype, Shape.of(tokens, tokens), mask);
    }

    /** The error relative to the array, in the Euclidean norm: below 1e-10 in f64 and 1e-5 in f32, as is promised. */
    private static void close(double[] actual, double[] expected, DType dtype, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double apart = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            apart += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(apart / size)).as("%s in %s", what, dtype).isLessThan(dtype == DType.F64 ? 1e-10 : 1e-5);
    }
}
