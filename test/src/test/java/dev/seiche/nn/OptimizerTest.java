package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.optim.Adam;
import dev.seiche.nn.optim.GradientClip;
import dev.seiche.nn.optim.LearningRate;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.Sgd;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.ReferenceCase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights move as PyTorch moves them. */
class OptimizerTest {
    private static final List<Parameter> TWO = List.of(
            new Parameter("fc.weight", Shape.of(3, 1), Init.zeros(), new Fans(3, 1)),
            new Parameter("fc.bias", Shape.of(2), Init.zeros(), new Fans(3, 1)));

    private record Recipe(Optimizer optimizer, LearningRate rate, GradientClip clip) {}

    static List<String> cases() {
        return ReferenceCase.names("optimizers");
    }

    private static Recipe recipe(String name) {
        LearningRate tenth = LearningRate.constant(0.1);
        LearningRate twentieth = LearningRate.constant(0.05);
        GradientClip none = GradientClip.none();
        return switch (name) {
            case "sgd" -> new Recipe(Optimizer.gradientDescent(), tenth, none);
            case "sgd_decay_clip" -> new Recipe(new Sgd(0, false, 0.3), tenth, new GradientClip(1.5));
            case "heavy_ball" -> new Recipe(Optimizer.heavyBall(0.9), twentieth, none);
            case "heavy_ball_decay" -> new Recipe(new Sgd(0.8, false, 0.3), twentieth, none);
            case "nesterov_decay" -> new Recipe(new Sgd(0.9, true, 0.3), twentieth, none);
            case "adam" -> new Recipe(Optimizer.adam(), tenth, none);
            case "adam_decay" -> new Recipe(new Adam(0.9, 0.999, 1e-8, 0.3, false), tenth, none);
            case "adamw" -> new Recipe(Optimizer.adamW(0.3), tenth, none);
            case "milestones" -> new Recipe(Optimizer.gradientDescent(), LearningRate.steps(0.1, 0.2, 3, 7), none);
            case "cosine" -> new Recipe(Optimizer.gradientDescent(), LearningRate.cosine(0.1, 0.01, 9), none);
            default -> throw new AssertionError("no recipe for case " + name);
        };
    }

    private static ParameterVector vector(double[] flat, DType dtype, Scope scope) {
        ParameterVector zeros = ParameterVector.of(
                TWO,
                p -> scope.tensor(dtype, p.shape(), new double[(int) p.shape().size()]));
        return zeros.withValues(flat, scope);
    }

    private static double[] row(double[] values, int row) {
        return Arrays.copyOfRange(values, 5 * row, 5 * row + 5);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tenStepsAreThoseOfPyTorch(String name) {
        ReferenceCase reference = ReferenceCase.load("optimizers", name);
        Recipe recipe = recipe(name);
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            Examples.onCpu(scope -> {
                ParameterVector weights = vector(reference.values("in.weights"), dtype, scope);
                Updater updater = recipe.optimizer.start(weights, scope);
                for (int step = 0; step < 10; step++) {
                    double rate = recipe.rate.at(step);
                    // PyTorch updates a cosine from the rate before, which rounds at every step
                    assertThat(rate).isCloseTo(reference.values("out.rates")[step], within(1e-16));
                    ParameterVector gradient = vector(row(reference.values("in.gradients"), step), dtype, scope);
                    updater.step(recipe.clip.apply(gradient, gradient::norm, scope), rate);
                    // both sides round about ten times a step; weights stay below 4
                    assertThat(weights.toDoubles())
                            .containsExactly(
                                    row(reference.values("out.weights"), step),
                                    within(dtype == DType.F64 ? 1e-14 : 4e-6));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRestoredStateGoesOnWithTheSameBits(String name) {
        ReferenceCase reference = ReferenceCase.load("optimizers", name);
        Recipe recipe = recipe(name);
        Examples.onCpu(scope -> {
            ParameterVector unbroken = vector(reference.values("in.weights"), DType.F32, scope);
            Updater first = recipe.optimizer.start(unbroken, scope);
            ParameterVector resumed = vector(new double[5], DType.F32, scope);
            Updater second = recipe.optimizer.start(resumed, scope);
            for (int step = 0; step < 10; step++) {
                if (step == 4) {
                    resumed.copyFrom(unbroken);
                    second.restore(first.capture(scope));
                }
                ParameterVector gradient = vector(row(reference.values("in.gradients"), step), DType.F32, scope);
                first.step(gradient, 0.1);
                if (step >= 4) {
                    second.step(gradient, 0.1);
                    assertThat(resumed.toDoubles()).isEqualTo(unbroken.toDoubles());
                }
            }
        });
    }

    @Test
    void gradientDescentOnAQuadraticMultipliesEachCoordinateByOneMinusRateTimesCurvature() {
        double[] curvature = {1, 19, 5, 0, 10};
        double[] start = {1, 2, 3, 4, 5};
        Examples.onCpu(scope -> {
            ParameterVector weights = vector(start, DType.F64, scope);
            Updater updater = Optimizer.gradientDescent().start(weights, scope);
            for (int step = 0; step < 20; step++) {
                double[] w = weights.toDoubles();
                for (int i = 0; i < 5; i++) {
                    w[i] *= curvature[i];
                }
                updater.step(vector(w, DType.F64, scope), 0.1);
            }
            for (int i = 0; i < 5; i++) {
                double expected = start[i] * Math.pow(1 - 0.1 * curvature[i], 20);
                // twenty steps of three roundings
                assertThat(weights.toDoubles()[i]).isCloseTo(expected, within(60 * 2.3e-16 * start[i]));
            }
        });
    }
}
