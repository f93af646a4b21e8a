package dev.seiche.study.oscillation;

import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.oscillation.ScaleCheck;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.Devices;
import dev.seiche.study.DivergedException;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.Study;
import dev.seiche.study.TensorArrays;
import dev.seiche.study.UserException;
import dev.seiche.study.setup.StoredWeights;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Does the gradient of full-batch gradient descent oscillate, when, in which layers, and how much progress is made
 * meanwhile? Trains one network from the same first weights at each of several learning rates and measures, at every step,
 * the cosine with the gradient before. Morchdi, Zhou, Ding and Wang, "Exploring Gradient Oscillation in Deep Neural Network
 * Training", 2023.
 */
public final class OscillationStudy implements Study<OscillationConfig> {
    private static final String TRAINER = "trainer-state/";

    @Override
    public String name() {
        return "oscillation";
    }

    @Override
    public String description() {
        return "gradient oscillation: cosine of adjacent full-batch gradients against learning rate and sharpness";
    }

    @Override
    public Class<OscillationConfig> configType() {
        return OscillationConfig.class;
    }

    @Override
    public String defaults() {
        return "oscillation.yaml";
    }

    @Override
    public OscillationResults run(OscillationConfig config, RunContext run) {
        if (new HashSet<>(config.train().rates()).size()
                < config.train().rates().size()) {
            throw new UserException("train.rates names a learning rate twice: %s; give each once"
                    .formatted(config.train().rates()));
        }
        OscillationSetup setup = OscillationSetup.of(config, run);
        OscillationArms arms = new OscillationArms(
                config.train().rates(),
                run.seed(),
                config.train().seeds(),
                config.train().steps());
        run.log("network: %d weights in %s".formatted(setup.network().size(), setup.dtype()));
        try (Backend device = Devices.open(run.device(), run.threads())) {
            Checkpoint from = run.resumedFrom().orElse(null);
            int first = 0;
            if (from != null) {
                arms.read(from);
                first = Math.toIntExact(from.step() / config.train().steps());
            }
            for (int arm = first; arm < arms.count(); arm++) {
                try (Scope scope = Scope.root(device, arms.name(arm))) {
                    new Arm(config, setup, arms, arm, run, scope).run(arm == first ? from : null);
                }
            }
        }
        return Findings.of(setup.loss(), arms);
    }

    /** One learning rate. */
    private record Arm(
            OscillationConfig config,
            OscillationSetup setup,
            OscillationArms arms,
            int index,
            RunContext run,
            Scope scope) {

        void run(@Nullable Checkpoint from) {
            ArmRecorder recorder = new ArmRecorder(arms, index, run);
            try (OscillationProbe oscillation = oscillation(recorder);
                    SharpnessProbe sharpness = sharpness(recorder)) {
                Training recipe = Training.of(setup.network(), setup.loss(), setup.data())
                        .microBatches(Math.min(
                                config.train().microBatch(), setup.data().size()))
                        .learningRate(arms.rate(index))
                        .probe(oscillation);
                if (config.measure().sharpnessEvery() > 0) {
                    recipe = recipe.probe(sharpness);
                }
                // the arms of a seed start from the same weights: the key does not know the learning rate
                Trainer trainer = recipe.probe(recorder)
                        .start(scope, setup.dtype(), Rng.seed(arms.seed(index)).fold("oscillation"));
                if (from != null) {
                    restore(trainer, from);
                }
                train(trainer);
                finish(trainer, recorder);
            } catch (dev.seiche.nn.train.DivergedException e) {
                throw new DivergedException(arms.name(index) + ": " + e.getMessage());
            }
        }

        private OscillationProbe oscillation(ArmRecorder recorder) {
            int every = config.measure().predictEvery();
            OscillationProbe.Options options = new OscillationProbe.Options(
                    1, OscillationProbe.Options.defaults().directions(), every == 0 ? null : Schedule.every(every));
            return new OscillationProbe(
                    setup.network().parameters(),
                    options,
                    Rng.seed(arms.seed(index)).fold("probe"),
                    scope,
                    recorder);
        }

        private SharpnessProbe sharpness(ArmRecorder recorder) {
            return new SharpnessProbe(
                    setup.network().parameters(),
                    Lanczos.largest(config.measure().eigenvalues()),
                    Schedule.every(Math.max(1, config.measure().sharpnessEvery())),
                    Rng.seed(arms.seed(index)).fold("probe"),
                    scope,
                    recorder);
        }

        private void train(Trainer trainer) {
            int steps = config.train().steps();
            int every = config.train().checkpointEvery();
            while (trainer.step() < steps) {
                Trainer.End end = trainer.run(Math.min(steps, (trainer.step() / every + 1) * every));
                if (end == Trainer.End.STOPPED || trainer.step() < steps) {
                    checkpoint(trainer);
                }
                if (end == Trainer.End.STOPPED) {
                    throw new StoppedException(
                            "stopped in %s after step %d of %d".formatted(arms.name(index), trainer.step(), steps));
                }
            }
        }

        /** The loss after the last step, and the weights. */
        private void finish(Trainer trainer, ArmRecorder recorder) {
            try (Scope last = scope.child("last loss")) {
                double loss = setup.objective(last, config.train().microBatch()).loss(trainer.weights());
                recorder.last(trainer.step(), loss);
            }
            restart(trainer, recorder);
            run.arrays("weights-" + arms.name(index).replace('=', '-').replace('/', '-'), StoredWeights.write(trainer));
        }

        /** From the last weights with smaller rates, where the run oscillates at its end. */
        private void restart(Trainer trainer, ArmRecorder recorder) {
            int steps = config.measure().restartSteps();
            if (steps == 0 || !recorder.oscillates()) {
                return;
            }
            for (int divisor : Restarts.DIVISORS) {
                Training recipe = Training.of(setup.network(), setup.loss(), setup.data())
                        .microBatches(Math.min(
                                config.train().microBatch(), setup.data().size()))
                        .probe(recorder.listening());
                ScaleCheck found = ScaleCheck.run(
                        recipe,
                        trainer.weights(),
                        trainer.statistics(),
                        arms.rate(index) / divisor,
                        steps,
                        Math.max(1, config.measure().sharpnessEvery()),
                        scope,
                        recorder.restart(divisor));
                if (run.stopRequested()) {
                    throw new StoppedException("stopped in %s while it was restarted".formatted(arms.name(index)));
                }
                recorder.restarted(trainer.step(), divisor, found);
            }
        }

        private void checkpoint(Trainer trainer) {
            try (Scope copy = scope.child("checkpoint")) {
                Map<String, ArrayData> arrays = new LinkedHashMap<>(arms.write());
                TensorArrays.write(trainer.capture(copy)).forEach((name, array) -> arrays.put(TRAINER + name, array));
                run.checkpoint(new Checkpoint(arms.done(index, trainer.step()), arrays, arms.names()));
            }
        }

        private void restore(Trainer trainer, Checkpoint from) {
            Map<String, ArrayData> arrays = new HashMap<>();
            from.arrays().forEach((name, array) -> {
                if (name.startsWith(TRAINER)) {
                    arrays.put(name.substring(TRAINER.length()), array);
                }
            });
            try (Scope copy = scope.child("checkpoint")) {
                Map<String, Tensor> state = TensorArrays.read(arrays, copy);
                trainer.restore(state);
            }
        }
    }
}
