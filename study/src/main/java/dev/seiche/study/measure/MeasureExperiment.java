package dev.seiche.study.measure;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Finding;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.preset.Catalogue;
import dev.seiche.metrics.preset.Entry;
import dev.seiche.metrics.preset.Measure;
import dev.seiche.metrics.preset.Preset;
import dev.seiche.metrics.preset.Selection;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.RunContext;
import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.Losses;
import dev.seiche.study.setup.StoredWeights;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One training with any metrics of the catalogue: no claim, but every number with its formula, and what it costs. */
public final class MeasureExperiment implements Experiment<MeasureConfig, TrainingData> {
    private static final String ARM = "training";
    private static final String LAST = "last/";

    @Override
    public String name() {
        return "measure";
    }

    @Override
    public String description() {
        return "any metrics of one training, by name or by preset, and what they cost";
    }

    @Override
    public String title() {
        return "Metrics of a training";
    }

    @Override
    public String lead() {
        return "What was asked for, step by step, and how much longer a step takes because of it.";
    }

    @Override
    public Class<MeasureConfig> configType() {
        return MeasureConfig.class;
    }

    @Override
    public TrainingData prepare(MeasureConfig config, RunContext run) {
        Selection selection = selection(config.metrics());
        if (config.train().batch() > 0) {
            for (Measure measure : selection.measures()) {
                if (measure.fullBatchOnly()) {
                    throw new UserException(
                            "metric '%s' follows the same samples from step to step, but train.batch is %d; give train.batch=0"
                                    .formatted(measure.word(), config.train().batch()));
                }
            }
        }
        if (!config.start().run().isEmpty()) {
            StoredWeights from = stored(config.start());
            run.log("weights: %s of %s, after %d steps"
                    .formatted(from.name(), config.start().run(), from.step()));
        }
        TrainingData data = config.data().load(run);
        if (config.train().batch() > data.data().size()) {
            throw new UserException("train.batch is %d, but data.samples is %d; use at most that many"
                    .formatted(config.train().batch(), data.data().size()));
        }
        return data;
    }

    private static StoredWeights stored(MeasureConfig.Start start) {
        return StoredWeights.choose(Path.of(start.run()), start.weights(), null);
    }

    /**
     * Checks a name.
     *
     * @throws UserException where {@link Selection} does not know it; names those that it does
     */
    public static void requireKnown(String name) {
        if (!Selection.knows(name)) {
            throw new UserException("there is no metric '%s'; %s; 'seiche metrics' lists all that they record"
                    .formatted(name, Suggestions.sentence(name, Selection.words())));
        }
    }

    private static Selection selection(MeasureConfig.Metrics config) {
        List<String> names = new ArrayList<>();
        if (!config.preset().equals("none")) {
            names.addAll(
                    Preset.valueOf(config.preset().toUpperCase(Locale.ROOT)).names());
        }
        config.names().forEach(MeasureExperiment::requireKnown);
        names.addAll(config.names());
        if (names.isEmpty()) {
            throw new UserException(
                    "nothing is to be measured; give metrics.preset=economy, or metrics.names=[sharpness]");
        }
        try {
            return Selection.of(names);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<Trial> trials(MeasureConfig config, long firstSeed) {
        List<Trial> trials = new ArrayList<>();
        for (int s = 0; s < config.seeds(); s++) {
            trials.add(new Trial(ARM, Map.of(), firstSeed + s));
        }
        return trials;
    }

    @Override
    public void measure(MeasureConfig config, TrainingData data, Trial trial, Workbench bench) {
        Network network = config.network().build(data);
        Loss loss = Losses.of(config.train().loss());
        DType dtype = DType.valueOf(config.train().dtype().toUpperCase(Locale.ROOT));
        int steps = config.train().steps();
        Statistics statistics = network.initStatistics(bench.scope(), dtype);
        ParameterVector weights;
        if (config.start().run().isEmpty()) {
            weights = network.init(bench.scope(), dtype, bench.rng().fold("init"));
        } else {
            StoredWeights from = stored(config.start());
            weights = from.load(network, dtype, bench.scope());
            from.load(statistics, dtype, bench.scope());
        }
        BatchGradients source = BatchGradients.of(network, loss, data.data()).withStatistics(statistics);
        try (MetricSet chosen = open(config, source, bench)) {
            Training recipe = Training.of(network, loss, data.data())
                    .learningRate(config.train().rate());
            recipe = config.train().batch() == 0
                    ? recipe.fullBatch()
                    : recipe.miniBatches(config.train().batch());
            Costs costs = new Costs(chosen, steps);
            Trainer trainer = costs.around(recipe).start(bench.scope(), weights, statistics, bench.rng());
            if (config.train().keepWeights()) {
                bench.keepWeights();
            }
            bench.train(trainer, steps, config.train().checkpointEvery());
            costs.tell(bench);
        }
    }

    private static MetricSet open(MeasureConfig config, BatchGradients source, Workbench bench) {
        try {
            return selection(config.metrics())
                    .open(source, bench.scope(), bench.rng().fold("metrics"), (step, name, value) -> {
                        bench.put(step, name, value);
                        bench.number(LAST + name, value);
                    });
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<Finding> findings(MeasureConfig config, Outcomes outcomes) {
        return List.of();
    }

    @Override
    public List<Shown> shown() {
        return List.of(
                new Shown("a step alone, ms", Costs.PLAIN),
                new Shown("metrics, ms a step", Costs.ADDED),
                new Shown("a step with them / alone", Costs.RATIO));
    }

    @Override
    public List<Figure.Table> tables(Outcomes outcomes) {
        return Stream.of(values(outcomes), Costs.table(outcomes))
                .filter(table -> !table.rows().isEmpty()) // one step has no costs
                .toList();
    }

    private static Figure.Table values(Outcomes outcomes) {
        Set<String> names = new LinkedHashSet<>();
        outcomes.all()
                .forEach(outcome -> outcome.numbers().keySet().stream()
                        .filter(name -> name.startsWith(LAST))
                        .forEach(names::add));
        List<List<Cell>> rows = new ArrayList<>();
        for (String name : names) {
            String recorded = name.substring(LAST.length());
            Catalogue.of(recorded)
                    .ifPresent(entry -> rows.add(List.of(
                            Cell.of(recorded),
                            Cell.of(Digits.of(outcomes.mean(name))),
                            Cell.of(entry.unit()),
                            Cell.of(entry.need()),
                            Cell.of(entry.formula()))));
        }
        return new Figure.Table(
                "values",
                "Last values",
                "Means over seeds of the last measurement.",
                Span.FULL,
                List.of(
                        new Heading("metric", false),
                        new Heading("value", true),
                        new Heading("unit", false),
                        new Heading("needs", false),
                        new Heading("formula", false)),
                rows);
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        List<Page.Section> sections = new ArrayList<>();
        List<String> recorded = recorded(plots);
        for (Measure measure : Measure.values()) {
            List<Figure> figures = new ArrayList<>();
            for (Entry entry : measure.entries()) {
                List<Plots.Curve> curves = new ArrayList<>();
                for (String name : recorded) {
                    if (Catalogue.of(name).filter(entry::equals).isPresent()) {
                        curves.add(new Plots.Curve(ARM, name, name, curves.size(), Figure.Stroke.LINE));
                    }
                }
                Plots.Frame frame = new Plots.Frame(
                        measure.word() + "-" + figures.size(),
                        entry.name(),
                        entry.formula() + (entry.meaning().isEmpty() ? "" : ". " + entry.meaning()),
                        Span.HALF,
                        Axis.linear("step"),
                        Axis.linear(entry.unit()));
                plots.curves(frame, curves, x -> x).ifPresent(figures::add);
            }
            sections.add(new Page.Section(measure.word(), "", figures));
        }
        return sections;
    }

    private static List<String> recorded(Plots plots) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : plots.run().metrics().names()) {
            // a single point makes no curve
            if (plots.run()
                    .metrics()
                    .column(name)
                    .filter(column -> column.steps().length > 1)
                    .isPresent()) {
                // training/seed=1/grad/cos
                names.add(name.substring(name.indexOf('/', ARM.length() + 1) + 1));
            }
        }
        return List.copyOf(names);
    }
}
