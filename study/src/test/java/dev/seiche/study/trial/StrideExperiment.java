package dev.seiche.study.trial;

import dev.seiche.metrics.Finding;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.RunContext;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Page;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small experiment: a curve is fitted at a few rates, one of which may diverge. */
final class StrideExperiment implements Experiment<StrideExperiment.Config, Dataset> {
    record Config(List<Double> rates, int steps, int seeds) {}

    @Override
    public String name() {
        return "stride";
    }

    @Override
    public String description() {
        return "A curve is fitted";
    }

    @Override
    public String title() {
        return "Stride";
    }

    @Override
    public String lead() {
        return "How far does the loss fall?";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Dataset prepare(Config config, RunContext run) {
        return Synthetic.chebyshev(3, 10);
    }

    @Override
    public List<Trial> trials(Config config, long firstSeed) {
        List<Trial> trials = new ArrayList<>();
        for (double rate : config.rates()) {
            for (int s = 0; s < config.seeds(); s++) {
                trials.add(new Trial("rate=" + rate, Map.of("rate", rate), firstSeed + s));
            }
        }
        return trials;
    }

    @Override
    public void measure(Config config, Dataset data, Trial trial, Workbench bench) {
        Recorder recorder = new Recorder(bench);
        Trainer trainer = Training.of(Network.of(Mlp.of(1, 6, 1)), Loss.HALF_SQUARED_ERROR, data)
                .learningRate(trial.settings().getOrDefault("rate", 0.1))
                .probe(new Probe() {
                    @Override
                    public String name() {
                        return "norms";
                    }

                    @Override
                    public void observe(Step step) {
                        recorder.put(step.index(), "norm", step.gradientNorm());
                    }
                })
                .probe(recorder)
                .probe(bench.watch(Schedule.everyStep(), config.steps()))
                .start(bench.scope(), DType.F64, Rng.seed(trial.seed()));
        bench.train(trainer, config.steps(), 4);
        bench.number(
                "norm_sum",
                recorder.table().column("norm").values().stream()
                        .mapToDouble(v -> v)
                        .sum());
        bench.number("last_loss", recorder.table().column("loss").lastEntry().getValue());
    }

    @Override
    public List<Finding> findings(Config config, Outcomes outcomes) {
        return List.of(
                Judgement.of("S1", "The loss is below 1.")
                        .with("loss", outcomes.spread("last_loss"))
                        .bySeed(outcomes, seed -> seed.mean("last_loss") < 1),
                Judgement.of("S2", "Never measured.")
                        .needing("nothing was done")
                        .untested());
    }

    @Override
    public List<Shown> shown() {
        return List.of(new Shown("last loss", "last_loss"), new Shown("not measured", "nothing"));
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        Plots.Frame frame = new Plots.Frame("norm", "Norm", "", Span.FULL, Axis.linear("step"), Axis.linear("norm"));
        return List.of(new Page.Section(
                "Norms",
                "",
                plots.overSteps(frame, "norm", plots.arms()).stream().toList()));
    }
}
