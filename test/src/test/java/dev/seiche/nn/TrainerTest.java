package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Dropout;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.optim.LearningRate;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.train.DivergedException;
import dev.seiche.nn.train.History;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.ScopeException;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The training loop. */
class TrainerTest {
    private static final Rng SEED = Rng.seed(9);

    private static Probe probe(String name, Schedule schedule, Consumer<Step> body) {
        return new Probe() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Schedule schedule() {
                return schedule;
            }

            @Override
            public void observe(Step step) {
                body.accept(step);
            }
        };
    }

    @Test
    void anMlpOfThreeLayersLearnsToTellBlobsApart() {
        Examples.onCpu(model -> {
            Network network = Network.of(Mlp.of(5, 16, 16, 3));
            Dataset data = Synthetic.gaussianBlobs(Rng.seed(1), 240, 3, 5, 2.5);
            Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, data)
                    .miniBatches(40)
                    .optimizer(Optimizer.adam())
                    .learningRate(0.01)
                    .start(model, DType.F32, SEED);
            Objective all = Objective.of(network, Loss.CROSS_ENTROPY, data, 100, model, DType.F32);
            double before = all.loss(trainer.weights());
            assertThat(trainer.run(120)).isEqualTo(Trainer.End.REACHED);
            Measurement after = all.measure(trainer.weights());
            assertThat(after.loss()).isLessThan(0.2 * before);
            assertThat(after.accuracy()).isGreaterThan(0.95);
        });
    }

    @Test
    void aFullBatchStepMovesTheWeightsByRateTimesGradient() {
        Examples.onCpu(model -> {
            Network network = Examples.mlp();
            Dataset data = Examples.blobs(50);
            Trainer trainer = Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                    .microBatches(16)
                    .learningRate(0.3)
                    .start(model, DType.F64, SEED);
            ParameterVector w = trainer.weights().keep(model);
            ParameterVector g = Objective.of(network, Loss.HALF_SQUARED_ERROR, data, 16, model, DType.F64)
                    .gradient(w, model);
            trainer.run(1);
            // the optimizer rounds once where this rounds twice; weights are below 1/2, where an ulp is 2^-54
            assertThat(trainer.weights().toDoubles())
                    .containsExactly(w.subtract(g.scale(0.3, model), model).toDoubles(), within(0x1p-54));
        });
    }

    /** Everything that has a state: batch norm, dropout, shuffling, Adam, a probe that remembers. */
    private static Training eventful(History losses) {
        Network network = Network.of(
                Sequential.of(Linear.of(5, 12), BatchNorm.of(12), Activation.TANH, new Dropout(0.2), Linear.of(12, 3)));
        return Training.of(network, Loss.CROSS_ENTROPY, Examples.blobs(50))
                .miniBatches(16)
                .optimizer(Optimizer.adamW(0.01))
                .learningRate(LearningRate.cosine(0.05, 0, 30).warmedUp(3))
                .clip(1)
                .probe(losses);
    }

    private static Map<String, List<Double>> values(Trainer trainer, Scope scope) {
        Map<String, List<Double>> all = new TreeMap<>();
        trainer.capture(scope).forEach((name, tensor) -> {
            List<Double> list = new ArrayList<>();
            for (double value : tensor.toDoubles()) {
                list.add(value);
            }
            all.put(name, list);
        });
        return all;
    }

    @Test
    void aResumedRunHasTheBitsOfAnUnbrokenOne() {
        Examples.onCpu(model -> {
            History unbrokenLosses = History.ofLoss();
            Trainer unbroken = eventful(unbrokenLosses).start(model, DType.F32, SEED);
            unbroken.run(20);

            // stopped in the middle of an epoch, resumed by a trainer of another seed
            Trainer first = eventful(History.ofLoss()).start(model, DType.F32, SEED);
            first.run(9);
            Map<String, Tensor> captured = first.capture(model);
            History resumedLosses = History.ofLoss();
            Trainer second = eventful(resumedLosses).start(model, DType.F32, Rng.seed(77));
            second.restore(captured);
            assertThat(second.step()).isEqualTo(9);
            second.run(20);

            assertThat(values(second, model)).isEqualTo(values(unbroken, model));
            assertThat(resumedLosses.values())
                    .isEqualTo(unbrokenLosses.values())
                    .hasSize(20);
        });
    }

    @Test
    void oneThreadAndTwoGiveTheSameBits() {
        List<Map<String, List<Double>>> ends = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            CpuOptions options = CpuOptions.defaults().withThreads(threads);
            ends.add(Testbed.compute(() -> CpuBackend.open(options), model -> {
                Trainer trainer = eventful(History.ofLoss()).start(model, DType.F32, SEED);
                trainer.run(10);
                return values(trainer, model);
            }));
        }
        assertThat(ends.get(0)).isEqualTo(ends.get(1));
    }

    @Test
    void aRestoreThatLacksATensorSaysWhich() {
        Examples.onCpu(model -> {
            Trainer trainer = eventful(History.ofLoss()).start(model, DType.F32, SEED);
            Map<String, Tensor> captured = new TreeMap<>(trainer.capture(model));
            captured.remove("optimizer/second/4.bias");
            assertThatThrownBy(() -> trainer.restore(captured)).hasMessageContaining("4.bias");
        });
    }

    @Test
    void divergenceStopsTheRunAndKeepsWhatWasMeasured() {
        Examples.onCpu(model -> {
            History losses = History.ofLoss();
            Network linear = Network.of(Linear.of(5, 3));
            Trainer trainer = Training.of(linear, Loss.HALF_SQUARED_ERROR, Examples.blobs(50))
                    .learningRate(1e6)
                    .probe(losses)
                    .start(model, DType.F32, SEED);
            assertThatThrownBy(() -> trainer.run(100))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("diverged at step " + losses.values().length)
                    .hasMessageContaining("the loss is not finite")
                    .hasMessageContaining("learning rate (1000000.0");
            assertThat(losses.values()).isNotEmpty();
            assertThat(trainer.step()).isEqualTo(losses.values().length);
            for (double loss : losses.values()) {
                assertThat(loss).isFinite();
            }
        });
    }

    @Test
    void probesSeeTheStepsTheyAskForWithTheWeightsBeforeTheMove() {
        Examples.onCpu(model -> {
            List<Long> seen = new ArrayList<>();
            Trainer trainer = Training.of(Examples.mlp(), Loss.CROSS_ENTROPY, Examples.blobs(20))
                    .learningRate(LearningRate.steps(0.1, 0.5, 4))
                    .probe(probe("curvature", Schedule.every(4), step -> {
                        seen.add(step.index());
                        assertThat(step.rate()).isEqualTo(step.index() < 4 ? 0.1 : 0.05);
                        assertThat(step.objective().loss(step.weights())).isEqualTo(step.loss());
                        ParameterVector hg = step.hvp(step.gradient());
                        assertThat(hg.get(0).scope()).isSameAs(step.scope());
                        assertThat(step.gradientNorm())
                                .isEqualTo(step.gradient().norm());
                        assertThat(step.measurement().losses()).hasSize(20);
                    }))
                    .start(model, DType.F64, SEED);
            trainer.run(10);
            assertThat(seen).containsExactly(0L, 4L, 8L);
        });
    }

    @Test
    void aProbeThatLeaksIntoTheModelScopeFailsAtItsFirstStep() {
        Examples.onCpu(model -> {
            Trainer trainer = Training.of(Examples.mlp(), Loss.CROSS_ENTROPY, Examples.blobs(20))
                    .probe(probe(
                            "leak",
                            Schedule.everyStep(),
                            step -> step.gradient().keep(model)))
                    .start(model, DType.F32, SEED);
            assertThatThrownBy(() -> trainer.run(10)).isInstanceOf(ScopeException.class);
            assertThat(trainer.step()).isEqualTo(0);
        });
    }

    @Test
    void trainingTakesNoMemoryFromTheModelScope() {
        Examples.onCpu(model -> {
            Trainer trainer = eventful(History.ofLoss()).start(model, DType.F32, SEED);
            long before = model.liveBytes();
            trainer.run(5);
            assertThat(model.liveBytes()).isEqualTo(before);
        });
    }

    @Test
    void aRequestStopsTheRunAfterThePresentStepAndTheNextRunGoesOn() {
        Examples.onCpu(model -> {
            List<Long> seen = new ArrayList<>();
            Trainer trainer = Training.of(Examples.mlp(), Loss.CROSS_ENTROPY, Examples.blobs(20))
                    .probe(probe("stop", Schedule.everyStep(), step -> {
                        seen.add(step.index());
                        if (step.index() == 2) {
                            step.requestStop();
                        }
                    }))
                    .start(model, DType.F32, SEED);
            assertThat(trainer.run(6)).isEqualTo(Trainer.End.STOPPED);
            assertThat(trainer.step()).isEqualTo(3);
            assertThat(trainer.run(6)).isEqualTo(Trainer.End.REACHED);
            assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
            trainer.requestStop();
            assertThat(trainer.run(8)).isEqualTo(Trainer.End.STOPPED);
            assertThat(trainer.step()).isEqualTo(6);
        });
    }

    @Test
    void clippingBoundsTheMoveButNotWhatProbesSee() {
        Examples.onCpu(model -> {
            History norms = History.of("norm", Schedule.everyStep(), Step::gradientNorm);
            Trainer trainer = Training.of(Examples.mlp(), Loss.CROSS_ENTROPY, Examples.blobs(20))
                    .clip(0.01)
                    .learningRate(1)
                    .probe(norms)
                    .start(model, DType.F64, SEED);
            ParameterVector before = trainer.weights().keep(model);
            trainer.run(1);
            double moved = trainer.weights().subtract(before, model).norm();
            // PyTorch's clip divides by norm + 1e-6: a little less than the bound
            assertThat(moved).isLessThan(0.01).isCloseTo(0.01, within(1e-6));
            assertThat(norms.values()[0]).isGreaterThan(0.01);
        });
    }

    @Test
    void badRecipesAreRefused() {
        Training training = Training.of(Examples.mlp(), Loss.CROSS_ENTROPY, Examples.blobs(20));
        assertThatThrownBy(() -> training.miniBatches(0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> training.miniBatches(21))
                .hasMessageContaining("21")
                .hasMessageContaining("20");
        assertThatThrownBy(() -> training.microBatches(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> training.probe(History.ofLoss()).probe(History.ofLoss()))
                .hasMessageContaining("'loss'");
    }
}
