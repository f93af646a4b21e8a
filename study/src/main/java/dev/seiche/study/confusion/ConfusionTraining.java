package dev.seiche.study.confusion;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.optim.LearningRate;
import dev.seiche.nn.train.DivergedException;
import dev.seiche.nn.train.History;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Arrays;
import java.util.List;

/** One training by SGD without momentum, whose pairs of mini-batches are measured before, between and after its steps. */
final class ConfusionTraining {
    /** A number of an arm's first seed: the loss after a training at this rate. */
    static final String LOSS_AT = "loss@rate=";

    /** A number: whether the loss came below {@link #LEARNT} of that of guessing. */
    static final String TRAINED = "trained";

    private static final double LEARNT = 0.9;
    private static final Loss LOSS = Loss.CROSS_ENTROPY;

    private final ConfusionConfig config;
    private final Network network;
    private final TrainingData data;
    private final Workbench bench;
    private final int batch;
    private final int perEpoch;
    private final int steps;

    ConfusionTraining(ConfusionConfig config, Network network, TrainingData data, int epochs, Workbench bench) {
        this.config = config;
        this.network = network;
        this.data = data;
        this.bench = bench;
        this.batch = Math.min(config.train().batch(), data.data().size());
        this.perEpoch = data.data().size() / batch;
        this.steps = epochs * perEpoch;
    }

    /** Trains and measures, at the best of these rates. */
    void run(String arm, List<Double> rates) {
        double rate = rate(arm, rates);
        bench.number("rate", rate);
        History losses = History.ofLoss();
        PairProbe pairs = new PairProbe(losses);
        Trainer trainer = recipe(rate)
                .probe(losses)
                .probe(pairs)
                .probe(bench.watch(Schedule.every(Math.max(1, steps / 100)), steps))
                .start(bench.scope(), config.train().type(), bench.rng());
        bench.train(trainer, steps, config.train().checkpointEvery());
        double loss = lastEpoch(losses);
        bench.number("loss@end", loss);
        bench.number(TRAINED, loss < LEARNT * Math.log(data.outputs()) ? 1 : 0);
        Confusion end = pairs.measure(steps, trainer.weights(), bench.scope());
        ConfusionNumbers.put("end", "batch", end, bench);
        ConfusionNumbers.density("batch", end, bench);
        if (network.couplings().isEmpty()) {
            Confusion samples = ConfusionNumbers.samples(
                    config.measure().samples(), network, LOSS, data.data(), trainer.weights(), bench);
            ConfusionNumbers.put("end", "sample", samples, bench);
        }
    }

    /** What the arm's first seed took; its own trainings at all rates find that. */
    private double rate(String arm, List<Double> rates) {
        double taken = bench.earlier().arm(arm).mean("rate");
        if (!Double.isNaN(taken)) {
            return taken;
        }
        double best = rates.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (double rate : rates.size() == 1 ? List.<Double>of() : rates) {
            double loss = lossAt(rate);
            bench.number(LOSS_AT + rate, loss);
            if (loss < least) {
                least = loss;
                best = rate;
            }
        }
        return best;
    }

    /** After a whole training; infinite where it diverged. */
    private double lossAt(double rate) {
        History losses = History.ofLoss();
        Probe stop = new Probe() {
            @Override
            public String name() {
                return "stop";
            }

            @Override
            public void observe(Step step) {
                bench.working(0, 1);
            }
        };
        try (Scope scope = bench.scope().child("rate")) {
            recipe(rate)
                    .probe(losses)
                    .probe(stop)
                    .start(scope, config.train().type(), bench.rng())
                    .run(steps);
            return lastEpoch(losses);
        } catch (DivergedException e) {
            bench.log("at rate " + rate + " it diverges: " + e.getMessage());
            return Double.POSITIVE_INFINITY;
        }
    }

    private Training recipe(double rate) {
        long[] lower = config.train().lowerAt().stream()
                .mapToLong(share -> (long) (share * steps))
                .toArray();
        return Training.of(network, LOSS, data.data())
                .miniBatches(batch, true)
                .learningRate(LearningRate.steps(rate, 0.1, lower));
    }

    private double lastEpoch(History losses) {
        double[] all = losses.values();
        return Summary.mean(Arrays.copyOfRange(all, Math.max(0, all.length - perEpoch), all.length));
    }

    /** Measures pairs at a few steps, and once where the loss has come down to that at which arms are compared. */
    private final class PairProbe implements Probe {
        private final BatchGradients source;
        private final History losses;

        PairProbe(History losses) {
            this.losses = losses;
            BatchGradients evaluating = BatchGradients.of(network, LOSS, data.data());
            // batch norm with the statistics of each mini-batch: what training sees
            this.source = network.couplings().isEmpty() ? evaluating : evaluating.training(Rng.seed(0));
        }

        @Override
        public String name() {
            return "pairs";
        }

        private boolean isPlanned(long step) {
            int every = Math.max(1, steps / (config.measure().times() - 1));
            return step % every == 0 && step < steps - every / 2;
        }

        @Override
        public Schedule schedule() {
            return step -> isPlanned(step) || step % perEpoch == 0;
        }

        @Override
        public void observe(Step step) {
            double loss = lastEpoch(losses);
            boolean matched = step.index() >= perEpoch
                    && loss <= config.measure().matchedLoss()
                    && Double.isNaN(bench.number("loss@matched"));
            if (!matched && !isPlanned(step.index())) {
                return;
            }
            Confusion found = isPlanned(step.index())
                    ? measure(step.index(), step.weights(), step.scope())
                    : found(step.index(), step.weights(), step.scope());
            if (step.index() == 0) {
                bench.number("loss@init", step.loss());
                ConfusionNumbers.put("init", "batch", found, bench);
            }
            if (matched) {
                bench.number("loss@matched", loss);
                ConfusionNumbers.put("matched", "batch", found, bench);
            }
        }

        private Confusion found(long step, ParameterVector weights, Scope scope) {
            return new BatchPairs(config.measure().batch(), config.measure().pairs())
                    .measure(source, weights, bench.rng().fold("pairs").fold(step), scope);
        }

        /** Leaves rows too: at steps that all seeds measure, so that a curve of their means is one. */
        Confusion measure(long step, ParameterVector weights, Scope scope) {
            Confusion found = found(step, weights, scope);
            Summary cosines = found.summary();
            bench.put(step, "pairs/min_cos", cosines.min());
            bench.put(step, "pairs/median_cos", cosines.median());
            bench.put(step, "pairs/sd_cos", cosines.deviation());
            return found;
        }
    }
}
