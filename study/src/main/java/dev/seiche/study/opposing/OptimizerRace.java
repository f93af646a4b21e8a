package dev.seiche.study.opposing;

import dev.seiche.metrics.opposing.LossHistory;
import dev.seiche.metrics.opposing.OpposingGroups;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Network;
import dev.seiche.nn.Stateful;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.SplitSgd;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One optimizer on mini-batches, with a look at the losses of all samples every few steps: how its loss falls, and how far
 * the groups of the largest changes swing from look to look.
 */
final class OptimizerRace implements Probe, Stateful {
    /** Setting of the trials: the share that steps by sign; 0 is SGD, 1 stands for Adam. */
    static final String SHARE = "by_sign";

    /** Places of the loss curve that are kept as numbers. */
    static final int PLACES = 10;

    /** Share of coordinates above the threshold when it is frozen, at the first look. */
    private static final double LARGE = 0.01;

    private final OpposingConfig config;
    private final Network network;
    private final Dataset data;
    private final Workbench bench;
    private LossHistory history;
    private double threshold = Double.NaN;

    private OptimizerRace(OpposingConfig config, Network network, Dataset data, Workbench bench) {
        this.config = config;
        this.network = network;
        this.data = data;
        this.bench = bench;
        this.history = new LossHistory(data.size());
    }

    /** Trials of all optimizers at a seed. */
    static List<Trial> trials(OpposingConfig.Race race, long seed) {
        List<Trial> trials = new ArrayList<>();
        if (race.steps() > 0) {
            trials.add(new Trial("race:sgd", Map.of(SHARE, 0.0), seed));
            trials.add(new Trial("race:adam", Map.of(SHARE, 1.0), seed));
            for (double fraction : race.fractions()) {
                trials.add(new Trial("race:split=" + fraction, Map.of(SHARE, fraction), seed));
            }
        }
        return trials;
    }

    static void run(OpposingConfig config, Network network, Dataset data, double bySign, Workbench bench) {
        OpposingConfig.Race race = config.race();
        boolean adam = bySign == 1;
        OptimizerRace looks = new OptimizerRace(config, network, data, bench);
        Trainer trainer = Training.of(network, config.train().lossOfSample(), data)
                .miniBatches(Math.min(race.batch(), data.size()))
                .optimizer(
                        adam ? Optimizer.adam() : new SplitSgd(race.momentum(), bySign, race.adamRate() / race.rate()))
                .learningRate(adam ? race.adamRate() : race.rate())
                .probe(looks)
                .probe(bench.watch(step -> false, race.steps()))
                .start(bench.scope(), config.train().type(), bench.rng());
        bench.train(trainer, race.steps(), config.train().checkpointEvery());
        looks.numbers();
    }

    @Override
    public String name() {
        return "race";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(config.race().every());
    }

    @Override
    public void observe(Step step) {
        try (Scope scope = step.scope().child("look")) {
            history.add(config.train()
                    .objective(network, data, scope)
                    .measure(step.weights())
                    .losses());
        }
        int t = history.steps() - 1;
        bench.put(step.index(), "race/loss", mean(t));
        bench.put(step.index(), "race/large", large(step.gradient().toDoubles()));
        if (t > 0) {
            bench.put(step.index(), "race/swing", swing(t));
        }
    }

    private double mean(int look) {
        return Arrays.stream(history.losses(look)).average().orElse(Double.NaN);
    }

    private OpposingGroups groups(int look) {
        int k = config.groups().size() == 0
                ? OpposingGroups.size(data.size())
                : config.groups().size();
        return OpposingGroups.select(history, look, k);
    }

    /** Mean change of loss in the groups since the look before, by the mean loss. */
    private double swing(int look) {
        double[] changes = history.changes(look);
        return Arrays.stream(groups(look).both())
                        .mapToDouble(i -> Math.abs(changes[i]))
                        .average()
                        .orElse(Double.NaN)
                / mean(look);
    }

    /** Share of coordinates of a gradient above the threshold that was frozen at the first look. */
    private double large(double[] gradient) {
        double[] sizes = Arrays.stream(gradient).map(Math::abs).sorted().toArray();
        if (Double.isNaN(threshold)) {
            threshold = sizes[(int) ((1 - LARGE) * (sizes.length - 1))];
        }
        return Arrays.stream(sizes).filter(size -> size > threshold).count() / (double) sizes.length;
    }

    private void numbers() {
        int last = history.steps() - 1;
        for (int place = 1; place <= PLACES; place++) {
            bench.number("race_loss/" + place, mean(last * place / PLACES));
        }
        bench.number(
                "race_swing",
                Summary.median(IntStream.rangeClosed(Math.max(1, last / 2), last)
                        .mapToDouble(this::swing)
                        .toArray()));
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        double[] flat = IntStream.range(0, history.steps())
                .boxed()
                .flatMapToDouble(t -> Arrays.stream(history.losses(t)))
                .toArray();
        return Map.of(
                "losses", into.tensor(DType.F32, Shape.of(history.steps(), data.size()), flat),
                "threshold", into.scalar(DType.F64, threshold));
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        double[] flat = NamedTensors.require(captured, "losses").toDoubles();
        history = new LossHistory(data.size());
        for (int from = 0; from < flat.length; from += data.size()) {
            history.add(Arrays.copyOfRange(flat, from, from + data.size()));
        }
        threshold = NamedTensors.require(captured, "threshold").item();
    }
}
