package dev.seiche.study.tail;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Finding;
import dev.seiche.metrics.tail.GradientNoise;
import dev.seiche.metrics.tail.IterateTail;
import dev.seiche.metrics.tail.NoiseSampling;
import dev.seiche.metrics.tail.Normality;
import dev.seiche.metrics.tail.Pooling;
import dev.seiche.metrics.tail.TailReading;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.optim.LearningRate;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.Losses;
import dev.seiche.study.setup.NetworkChoice;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How heavy are the tails of gradient noise? The published estimate and the corrected one side by side, over width, depth,
 * batch size, loss and training time; and the tail index of iterates. Simsekli, Sagun, Gurbuzbalaban, ICML 2019;
 * Gurbuzbalaban, Simsekli, Zhu, ICML 2021; Panigrahi et al. 2019.
 */
public final class TailIndexExperiment implements Experiment<TailIndexConfig, TrainingData> {
    /** Directions of the normality tests. */
    private static final int PROJECTIONS = 100;

    private static final int COORDINATES = 200;

    /** Mini-batches that a pass must have to say anything: their own mean is taken off them. */
    private static final int FEWEST = 8;

    /** Numbers: the smallest published estimate of a training, its place from 0 to 1, and the share of labels hit. */
    static final String LOWEST = "lowest";

    static final String LOWEST_AT = "lowest_at";
    static final String ACCURACY = "accuracy";

    @Override
    public String name() {
        return "tail-index";
    }

    @Override
    public String description() {
        return "tail index of gradient noise, published and corrected, over width, depth, batch size and loss";
    }

    @Override
    public String title() {
        return "Tail index of gradient noise";
    }

    @Override
    public String lead() {
        return "How heavy are the tails of gradient noise, does that depend on the size of the network, and how much of the"
                + " answer comes from the way it is estimated?";
    }

    @Override
    public Class<TailIndexConfig> configType() {
        return TailIndexConfig.class;
    }

    @Override
    public TrainingData prepare(TailIndexConfig config, RunContext run) {
        TrainingData data = config.data().load(run);
        for (int batch : config.measure().batches()) {
            if (batch > data.data().size()) {
                throw new UserException("measure.batches has %d, but data.samples is %d; use at most that many"
                        .formatted(batch, data.data().size()));
            }
        }
        return data;
    }

    @Override
    public List<Trial> trials(TailIndexConfig config, long firstSeed) {
        Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
        arms.put(
                "base",
                Map.of(
                        "width", (double) config.network().width(),
                        "depth", (double) config.network().depth()));
        for (int width : config.arms().widths()) {
            arms.put("width=" + width, Map.of("width", (double) width));
        }
        for (int depth : config.arms().depths()) {
            arms.put("depth=" + depth, Map.of("depth", (double) depth));
        }
        for (int batch : config.arms().batches()) {
            arms.put("batch=" + batch, Map.of("batch", (double) batch));
        }
        for (String loss : config.arms().losses()) {
            arms.put("loss=" + loss, Map.of());
        }
        if (config.iterates().runs() > 0) {
            for (double rate : config.iterates().rates()) {
                for (int batch : config.iterates().batches()) {
                    arms.put(
                            "iterates:rate=" + rate + ",batch=" + batch,
                            Map.of("ratio", rate / batch, "iterate_rate", rate, "iterate_batch", (double) batch));
                }
            }
        }
        return Trial.all(arms, firstSeed, config.seeds());
    }

    @Override
    public void measure(TailIndexConfig config, TrainingData data, Trial trial, Workbench bench) {
        if (trial.settings().containsKey("ratio")) {
            iterates(config.iterates(), trial, bench);
            return;
        }
        Map<String, Double> settings = trial.settings();
        NetworkChoice choice = config.network();
        choice = choice.withWidth(
                settings.getOrDefault("width", (double) choice.width()).intValue());
        choice = choice.withDepth(
                settings.getOrDefault("depth", (double) choice.depth()).intValue());
        Network network = choice.build(data);
        String loss = trial.arm().startsWith("loss=")
                ? trial.arm().substring(5)
                : config.train().loss();
        int batch =
                settings.getOrDefault("batch", (double) config.train().batch()).intValue();
        int steps = config.train().steps();
        double rate = config.train().rate();
        NoiseProbe noise = new NoiseProbe(
                config.measure(), BatchGradients.of(network, Losses.of(loss), data.data()), steps, bench);
        Trainer trainer = Training.of(network, Losses.of(loss), data.data())
                .miniBatches(batch)
                .learningRate(LearningRate.steps(rate, 0.5, steps / 3, 2L * (steps / 3)))
                .probe(noise)
                .probe(bench.watch(Schedule.every(Math.max(1, steps / 200)), steps))
                .start(bench.scope(), DType.valueOf(config.train().dtype().toUpperCase(Locale.ROOT)), bench.rng());
        bench.train(trainer, steps, config.train().checkpointEvery());
        noise.measure(steps, trainer.weights(), bench.scope());
        bench.number("weights", (double) network.size());
    }

    private static void iterates(TailIndexConfig.Iterates config, Trial trial, Workbench bench) {
        double rate = trial.settings().getOrDefault("iterate_rate", Double.NaN);
        int batch = trial.settings().getOrDefault("iterate_batch", Double.NaN).intValue();
        RegressionRuns data = new RegressionRuns(
                config.samples(), config.dimensions(), bench.rng().fold("data"));
        double[][] averages = new double[config.runs()][];
        int finite = 0;
        for (int run = 0; run < config.runs(); run++) {
            double[] mean = data.run(
                    rate, batch, config.steps(), bench.rng().fold("run").fold(run));
            if (Arrays.stream(mean).allMatch(Double::isFinite)) {
                averages[finite++] = mean;
            }
            if (run % 16 == 0) {
                bench.working(run, config.runs());
            }
        }
        bench.number("finite_runs", finite / (double) config.runs());
        bench.number(
                "iterate_tail", finite < config.runs() ? Double.NaN : IterateTail.ofRuns(averages, data.solution()));
    }

    /** Measures noise at some steps and after the last. */
    private static final class NoiseProbe implements Probe {
        private final TailIndexConfig.Measure config;
        private final BatchGradients source;
        private final int steps;
        private final Workbench bench;

        NoiseProbe(TailIndexConfig.Measure config, BatchGradients source, int steps, Workbench bench) {
            this.config = config;
            this.source = source;
            this.steps = steps;
            this.bench = bench;
        }

        @Override
        public String name() {
            return "noise";
        }

        @Override
        public Schedule schedule() {
            int every = Math.max(1, steps / (config.times() - 1));
            return step -> step % every == 0 && step < steps - every / 2;
        }

        @Override
        public void observe(Step step) {
            measure(step.index(), step.weights(), step.scope());
        }

        private double accuracy(ParameterVector weights, Scope scope) {
            try (Scope home = scope.child("accuracy")) {
                return source.objective(
                                weights, home, source.first(source.data().size()))
                        .measure(weights)
                        .accuracy();
            }
        }

        void measure(long step, ParameterVector weights, Scope scope) {
            double accuracy = accuracy(weights, scope);
            bench.put(step, ACCURACY, accuracy);
            if (step == 0 || step == steps) {
                bench.number(step == 0 ? ACCURACY + "@init" : ACCURACY, accuracy);
            }
            String when = step == 0 ? "init" : step == steps ? "end" : "at" + step;
            for (int batch : config.batches()) {
                Rng rng = bench.rng().fold("noise").fold(step).fold(batch);
                NoiseSampling sampling = new NoiseSampling(batch, config.coordinates());
                String prefix = "b=" + batch + "/";
                double official = Double.NaN;
                if (FEWEST * batch <= source.data().size()) {
                    official = Pooling.official(sampling.pass(source, weights, rng, scope));
                }
                double lowest = bench.number(LOWEST);
                if (batch == config.batches().get(0) && (official < lowest || Double.isNaN(lowest))) {
                    bench.number(LOWEST, official);
                    bench.number(LOWEST_AT, step / (double) steps);
                    bench.number(ACCURACY + "@lowest", accuracy);
                }
                GradientNoise noise = sampling.random(source, config.draws(), weights, rng, scope);
                TailReading reading = TailReading.of(noise, config.nulls(), rng.fold("reading"));
                Normality projections = Normality.ofProjections(noise, PROJECTIONS, rng.fold("projections"));
                Normality coordinates = Normality.ofCoordinates(noise, COORDINATES, rng.fold("coordinates"));
                Map<String, Double> found = new LinkedHashMap<>();
                found.put("official", official);
                found.put("official_random", reading.official());
                found.put("official_gaussian", reading.officialNull());
                found.put("corrected", reading.corrected());
                found.put("corrected_gaussian", reading.correctedNull());
                found.put("zeros", reading.zeroShare());
                found.put("kurtosis", reading.kurtosis());
                found.put("rejected_projections", projections.shapiro());
                found.put("rejected_coordinates", coordinates.shapiro());
                found.put("anderson_projections", projections.anderson());
                found.forEach((name, value) -> {
                    bench.put(step, prefix + name, value);
                    if (step == 0 || step == steps) {
                        bench.number(prefix + name + "@" + when, value);
                    }
                });
            }
        }
    }

    @Override
    public List<Finding> findings(TailIndexConfig config, Outcomes outcomes) {
        return new TailIndexClaims(config.measure(), outcomes).findings();
    }

    @Override
    public List<Shown> shown() {
        return TailIndexCharts.SHOWN;
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return TailIndexCharts.sections(outcomes, plots);
    }
}
